using SQLitePCL;

namespace TraceReplay.Store.Sqlite;

/// <summary>One connection to one database file.</summary>
internal sealed class Connection : IDisposable
{
    /// <summary>How long to wait for a lock: longer than a commit takes, shorter than a user waits without a message.</summary>
    private const int PatienceMs = 500;

    private readonly sqlite3 _handle;

    static Connection() => Batteries_V2.Init();

    private Connection(sqlite3 handle, string path)
    {
        _handle = handle;
        Path = path;
    }

    public string Path { get; }

    public sqlite3 Handle => _handle;

    /// <summary>Opens a file; nothing is read yet.</summary>
    /// <param name="path">File, or <c>:memory:</c>.</param>
    /// <param name="flags">raw.SQLITE_OPEN_*; NOMUTEX is added.</param>
    public static Connection Open(string path, int flags)
    {
        var result = raw.sqlite3_open_v2(path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        if (result != raw.SQLITE_OK)
        {
            var failure = Errors.Make(path, result, handle is null ? string.Empty : raw.sqlite3_errmsg(handle).utf8_to_string());
            handle?.Dispose();
            throw failure;
        }

        _ = raw.sqlite3_extended_result_codes(handle, 1);
        _ = raw.sqlite3_busy_timeout(handle, PatienceMs);
        return new Connection(handle, path);
    }

    public Statement Prepare(string sql)
    {
        var result = raw.sqlite3_prepare_v2(_handle, sql, out var statement);
        return result == raw.SQLITE_OK ? new Statement(this, statement) : throw Failure(result);
    }

    /// <summary>Runs a script of statements.</summary>
    public void Execute(string sql)
    {
        var result = raw.sqlite3_exec(_handle, sql);
        if (result != raw.SQLITE_OK)
        {
            throw Failure(result);
        }
    }

    /// <summary>The first column of the first row as an integer.</summary>
    public long Scalar(string sql, long ifNone = 0)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.Int64(0, ifNone) : ifNone;
    }

    /// <summary>The exception for the last result code of this connection.</summary>
    public StoreException Failure(int result) => Errors.Make(Path, result, raw.sqlite3_errmsg(_handle).utf8_to_string());

    public void Dispose() => _handle.Dispose();
}
