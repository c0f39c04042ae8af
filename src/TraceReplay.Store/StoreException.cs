namespace TraceReplay.Store;

/// <summary>Why the database could not do what was asked.</summary>
public enum StoreError
{
    /// <summary>Reading or writing the file failed.</summary>
    Io,

    /// <summary>The file does not exist.</summary>
    NotFound,

    /// <summary>The file is not a TraceReplay database.</summary>
    NotADatabase,

    /// <summary>The file is an SQLite database, but damaged.</summary>
    Corrupt,

    /// <summary>The database was written by a later version of the program.</summary>
    NewerSchema,

    /// <summary>Another process holds the database.</summary>
    Locked,

    /// <summary>No space is left on the device.</summary>
    DiskFull,

    /// <summary>The file or its folder cannot be written.</summary>
    ReadOnly,

    /// <summary>A statement of the user is wrong, or is not allowed.</summary>
    Query,

    /// <summary>A statement of the user took too long or was cancelled.</summary>
    Timeout,
}

/// <summary>A failure of the database, in words for the user.</summary>
public sealed class StoreException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">What happened, naming the file.</param>
    /// <param name="hint">What to do, empty if nothing.</param>
    /// <param name="inner">Cause, if any.</param>
    public StoreException(StoreError error, string message, string hint = "", Exception? inner = null)
        : base(message, inner)
    {
        Error = error;
        Hint = hint;
    }

    /// <summary>Why.</summary>
    public StoreError Error { get; }

    /// <summary>What to do, empty if nothing.</summary>
    public string Hint { get; }

    /// <summary>For <see cref="StoreError.Query"/>: 0-based offset in the UTF-8 bytes of the statement, -1 if not
    /// known.</summary>
    public int Position { get; init; } = -1;
}
