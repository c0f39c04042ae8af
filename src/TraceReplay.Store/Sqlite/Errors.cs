using System.Globalization;
using SQLitePCL;

namespace TraceReplay.Store.Sqlite;

/// <summary>Turns result codes of SQLite into sentences.</summary>
internal static class Errors
{
    public static StoreException Make(string path, int result, string said) => (result & 0xff) switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Locked(path),
        raw.SQLITE_FULL => new StoreException(
            StoreError.DiskFull, $"{path}: no space left on the device; the database is as it was before",
            "free some space, or put the database elsewhere with --db"),
        raw.SQLITE_READONLY => new StoreException(StoreError.ReadOnly, $"{path}: the database cannot be written ({said})"),
        raw.SQLITE_PERM or raw.SQLITE_AUTH => new StoreException(StoreError.Query, $"not allowed here: {said}"),
        raw.SQLITE_NOTADB => new StoreException(StoreError.NotADatabase, $"{path} is not an SQLite database"),
        raw.SQLITE_CORRUPT => new StoreException(
            StoreError.Corrupt, $"{path} is damaged ({said})", "read the inputs into a new database"),
        raw.SQLITE_CANTOPEN => CannotOpen(path),
        raw.SQLITE_INTERRUPT => new StoreException(StoreError.Timeout, "the statement was stopped"),
        raw.SQLITE_ERROR or raw.SQLITE_RANGE or raw.SQLITE_TOOBIG => new StoreException(StoreError.Query, said),
        _ => new StoreException(
            StoreError.Io, string.Create(CultureInfo.InvariantCulture, $"{path}: {said} (SQLite code {result})")),
    };

    private static StoreException CannotOpen(string path)
    {
        if (Directory.Exists(path))
        {
            return new StoreException(StoreError.NotADatabase, $"{path} is a directory, not a database");
        }

        if (File.Exists(path))
        {
            return new StoreException(StoreError.ReadOnly, $"{path} cannot be opened: no permission");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(folder)
            ? new StoreException(StoreError.ReadOnly, $"{path} cannot be created: the folder cannot be written")
            : new StoreException(StoreError.NotFound, $"{path} cannot be created: there is no folder {folder}");
    }

    private static StoreException Locked(string path)
    {
        var holder = LockHolder(path);
        var by = holder is null ? "another process" : $"process {holder}";
        return new StoreException(
            StoreError.Locked, $"{path} is in use by {by}", "wait for it to end, or use another database with --db");
    }

    /// <summary>Who holds a lock on the file, from /proc/locks ("1: POSIX  ADVISORY  WRITE PID MAJ:MIN:INODE START
    /// END").</summary>
    private static string? LockHolder(string path)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                return null;
            }

            var inode = Inode(path);
            var own = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            foreach (var line in File.ReadLines("/proc/locks"))
            {
                var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                if (words.Length >= 6 && inode is not null && words[5].EndsWith(":" + inode, StringComparison.Ordinal)
                    && words[4] != own)
                {
                    return words[4];
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Only a hint: without /proc the message does without it.
        }

        return null;
    }

    /// <summary>Inode number of a file this process has open ("ino:\t123" in /proc/self/fdinfo). The file is not opened
    /// for it: closing any descriptor of a file drops all POSIX locks of the process on it.</summary>
    private static string? Inode(string path)
    {
        var full = Path.GetFullPath(path);
        foreach (var link in Directory.EnumerateFiles("/proc/self/fd"))
        {
            if (string.Equals(new FileInfo(link).LinkTarget, full, StringComparison.Ordinal))
            {
                return File.ReadLines("/proc/self/fdinfo/" + Path.GetFileName(link))
                    .FirstOrDefault(line => line.StartsWith("ino:", StringComparison.Ordinal))?[4..].Trim();
            }
        }

        return null;
    }
}
