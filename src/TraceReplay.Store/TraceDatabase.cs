using SQLitePCL;
using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>How a database is opened.</summary>
public enum DatabaseAccess
{
    /// <summary>An existing database, never changed.</summary>
    Read,

    /// <summary>An existing database, to add to.</summary>
    Write,

    /// <summary>As <see cref="Write"/>, created where there is none.</summary>
    Create,
}

/// <summary>A TraceReplay database. One thread; one process writes at a time.</summary>
public sealed class TraceDatabase : IDisposable
{
    /// <summary>Version of the schema this program writes: <c>PRAGMA user_version</c>.</summary>
    public const int SchemaVersion = 4;

    /// <summary>Mark of the file format in the SQLite header (<c>PRAGMA application_id</c>): "TrRp".</summary>
    public const int ApplicationId = 0x54725270;

    private SourceWriter? _writer;
    private ResultWriter? _results;

    private TraceDatabase(Connection connection) => Connection = connection;

    /// <summary>Path of the file as given.</summary>
    public string Path => Connection.Path;

    internal Connection Connection { get; }

    /// <summary>Opens a database.</summary>
    /// <param name="path">The file.</param>
    /// <param name="access">What for.</param>
    /// <returns>The open database; dispose it.</returns>
    /// <exception cref="StoreException">The file is missing, not a TraceReplay database, of a newer version, damaged, in
    /// use by another process, or cannot be written.</exception>
    public static TraceDatabase Open(string path, DatabaseAccess access = DatabaseAccess.Read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (access != DatabaseAccess.Create && !File.Exists(path))
        {
            throw new StoreException(
                StoreError.NotFound, $"{path}: there is no such database", "make one with: tracereplay ingest INPUT --db " + path);
        }

        if (access == DatabaseAccess.Read)
        {
            RollBackKilledWriter(path);
        }

        var connection = Connection.Open(path, access switch
        {
            DatabaseAccess.Read => raw.SQLITE_OPEN_READONLY,
            DatabaseAccess.Write => raw.SQLITE_OPEN_READWRITE,
            _ => raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE,
        });
        try
        {
            Schema.Prepare(connection, access);
            return new TraceDatabase(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Begins a source; everything until <see cref="SourceWriter.Complete"/> is one transaction.</summary>
    /// <param name="source">What is known of it.</param>
    /// <param name="caseName">The directory or archive that it was given in, empty = a loose file.</param>
    /// <returns>The writer; dispose it.</returns>
    /// <exception cref="StoreException">Another process holds the database, or it cannot be written.</exception>
    public SourceWriter BeginSource(SourceInfo source, string caseName = "")
    {
        ArgumentNullException.ThrowIfNull(source);
        CheckIdle();
        return _writer = new SourceWriter(this, source, caseName);
    }

    /// <summary>Stores a diagnostic of an input that did not become a source (not readable, no known format), once.
    /// Diagnostics of a source go to its <see cref="SourceWriter"/>.</summary>
    /// <param name="diagnostic">What the user must be told.</param>
    /// <exception cref="StoreException">As <see cref="BeginSource"/>.</exception>
    public void Write(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        CheckIdle();
        var d = diagnostic;
        using var insert = Connection.Prepare(
            "INSERT INTO diagnostic(id, line, code, severity, message, hint, path) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7 "
            + "WHERE NOT EXISTS(SELECT 1 FROM diagnostic WHERE source_id IS NULL "
            + "AND (line, code, message, path) = (?2, ?3, ?5, ?7))");
        insert.Bind(1, FactTables.LastId(Connection) + 1).Bind(2, d.Source.Line).Bind(3, d.Code)
            .Bind(4, EnumText.Text(d.Severity)).Bind(5, d.Message).BindOrNull(6, d.Hint)
            .Bind(7, d.Source.Path ?? string.Empty).Run();
    }

    /// <summary>Begins to store results; everything until <see cref="ResultWriter.Complete"/> is one transaction.</summary>
    /// <returns>The writer; dispose it.</returns>
    /// <exception cref="StoreException">Another process holds the database, or it cannot be written.</exception>
    public ResultWriter BeginResults()
    {
        CheckIdle();
        return _results = new ResultWriter(this);
    }

    /// <summary>Reads stored results.</summary>
    /// <returns>A reader.</returns>
    public ResultReader ReadResults() => new(Connection);

    /// <summary>The stored logs of a case with their recognised lines, to be compared with a log that is read now.</summary>
    /// <param name="caseName">Name of the case.</param>
    /// <returns>In the order in which they were stored.</returns>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public IEnumerable<(SourceSummary Source, IEnumerable<LogRecordFact> Records)> ReadLogRecords(string caseName) =>
        StoredLogs.Read(Connection, caseName);

    /// <summary>Devices by <c>device.id</c>.</summary>
    /// <returns>Name and driver, the driver empty if not known.</returns>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public IReadOnlyDictionary<long, (string Name, string Driver)> ReadDeviceNames()
    {
        var names = new Dictionary<long, (string, string)>();
        using var rows = Connection.Prepare("SELECT id, name, driver FROM device");
        while (rows.Step())
        {
            names[rows.Int64(0)] = (rows.Text(1), rows.Text(2));
        }

        return names;
    }

    /// <summary>The id of the source with these bytes.</summary>
    /// <param name="sha256">SHA-256 of the stored bytes, lower-case hex.</param>
    /// <returns>Its id, null if it is not stored.</returns>
    public long? FindSource(string sha256)
    {
        using var find = Connection.Prepare("SELECT id FROM source WHERE sha256 = ?");
        return find.Bind(1, sha256).Step() ? find.Int64(0) : null;
    }

    /// <summary>Reads back facts, diagnostics and sources.</summary>
    /// <returns>What the inputs said, in the order in which they were read.</returns>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public StoredFacts ReadFacts() => StoredFacts.Read(Connection, null);

    /// <summary>Reads back all but the lines of logs, which may be very many.</summary>
    /// <returns>The sources, and what they say beside log lines.</returns>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public StoredFacts ReadFactsWithoutLogs() => StoredFacts.Read(Connection, null, withLogs: false);

    /// <summary>The sources in the order in which they were stored.</summary>
    /// <returns>The sources.</returns>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public IReadOnlyList<SourceRow> ReadSources() => StoredFacts.ReadSources(Connection, null);

    /// <summary>Reads back facts, diagnostics and sources of one case.</summary>
    /// <param name="caseName">One of <see cref="CaseNames"/>.</param>
    /// <returns>What its inputs said, in the order in which they were read. Diagnostics of inputs that did not become a
    /// source belong to every case.</returns>
    /// <exception cref="StoreException">The file is damaged.</exception>
    public StoredFacts ReadFacts(string caseName) => StoredFacts.Read(Connection, caseName);

    /// <summary>The cases of the sources, in the order of their first source: directories and archives as given, and the
    /// empty text for loose files.</summary>
    /// <returns>Their names.</returns>
    public IReadOnlyList<string> CaseNames()
    {
        var names = new List<string>();
        using var rows = Connection.Prepare("SELECT case_name FROM source_case GROUP BY case_name ORDER BY min(id)");
        while (rows.Step())
        {
            names.Add(rows.Text(0));
        }

        return names;
    }

    /// <summary>Streams the stored events.</summary>
    /// <param name="kinds">Only these kinds; null = all.</param>
    /// <returns>A reader; dispose it.</returns>
    public EventReader ReadEvents(IReadOnlyCollection<EventKind>? kinds = null) => new(Connection, kinds);

    /// <summary>Closes the file; a source that was not completed is taken back.</summary>
    public void Dispose()
    {
        _writer?.Dispose();
        _results?.Dispose();
        Connection.Dispose();
    }

    internal void WriterClosed(SourceWriter writer)
    {
        if (ReferenceEquals(_writer, writer))
        {
            _writer = null;
        }
    }

    internal void ResultsClosed(ResultWriter results)
    {
        if (ReferenceEquals(_results, results))
        {
            _results = null;
        }
    }

    internal void Rollback()
    {
        // After a full disk SQLite may have rolled back by itself.
        if (raw.sqlite3_get_autocommit(Connection.Handle) == 0)
        {
            Connection.Execute("ROLLBACK");
        }
    }

    /// <summary>A killed writer leaves its journal; a read-only connection may not roll it back, so a short
    /// writing one does.</summary>
    private static void RollBackKilledWriter(string path)
    {
        if (!File.Exists(path + "-journal"))
        {
            return;
        }

        try
        {
            using var connection = Connection.Open(path, raw.SQLITE_OPEN_READWRITE);
            _ = connection.Scalar("SELECT count(*) FROM sqlite_schema");
        }
        catch (StoreException failure) when (failure.Error is StoreError.ReadOnly)
        {
            // Reading may still work: a journal without content needs no rollback.
        }
    }

    private void CheckIdle()
    {
        if (_writer is not null || _results is not null)
        {
            throw new InvalidOperationException($"{_writer?.Info.Path ?? "a result"} is still being written");
        }
    }
}
