using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Creates the schema in a new file, and checks an existing one.</summary>
internal static class Schema
{
    /// <summary>Text of an embedded SQL file.</summary>
    public static string Resource(string name)
    {
        using var stream = typeof(Schema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"resource {name} is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>The whole schema as SQL, with its comments.</summary>
    public static string Sql => Resource("schema.sql") + "\n" + Resource("views.sql");

    public static void Prepare(Connection connection, DatabaseAccess access)
    {
        // The schema of a file from elsewhere may hold functions in views and triggers, and pages may be malformed.
        connection.Execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;");
        var version = connection.Scalar("PRAGMA user_version");
        var isEmpty = connection.Scalar("SELECT count(*) FROM sqlite_schema") == 0;
        if (isEmpty && version == 0 && access == DatabaseAccess.Create)
        {
            Create(connection);
        }
        else if (isEmpty && version == 0 && connection.Scalar("PRAGMA page_count") == 0)
        {
            throw new StoreException(
                StoreError.NotADatabase, $"{connection.Path} is empty: nothing was stored in it yet", "fill it with: tracereplay ingest INPUT --db " + connection.Path);
        }
        else
        {
            Check(connection, version);
        }

        if (access != DatabaseAccess.Read)
        {
            RefuseTriggers(connection);
            connection.Execute(WritePragmas);
        }
    }

    // journal_mode=DELETE: a killed process leaves a journal, and the next to open the file rolls back: whole sources only.
    // synchronous=OFF: safe against kill -9 (the page cache of the kernel survives the process), not against a power cut
    // in the middle of a load; the inputs can be read again, so the tenfold cost of syncing is not paid.
    // cache: the pages of a load are written once and never read again; spilling early keeps memory flat.
    // foreign_keys: a source's own row is written last, when its totals are known.
    private const string WritePragmas =
        "PRAGMA journal_mode=DELETE; PRAGMA synchronous=OFF; PRAGMA cache_size=-16384; PRAGMA locking_mode=EXCLUSIVE; "
        + "PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=OFF;";

    private static void Create(Connection connection)
    {
        connection.Execute("PRAGMA page_size=8192; PRAGMA encoding='UTF-8';");
        connection.Execute("BEGIN IMMEDIATE");
        connection.Execute(Sql);
        connection.Execute(
            $"PRAGMA application_id={TraceDatabase.ApplicationId}; PRAGMA user_version={TraceDatabase.SchemaVersion}; COMMIT");
    }

    // A trigger in a file from elsewhere would act on our own inserts. This program makes none.
    private static void RefuseTriggers(Connection connection)
    {
        if (connection.Scalar("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'") != 0)
        {
            throw new StoreException(
                StoreError.NotADatabase,
                $"{connection.Path} holds triggers, which this program never makes: it is not written to",
                "read the inputs into a new database");
        }
    }

    private static void Check(Connection connection, long version)
    {
        if (connection.Scalar("PRAGMA application_id") != TraceDatabase.ApplicationId)
        {
            throw new StoreException(
                StoreError.NotADatabase, $"{connection.Path} is an SQLite database, but not one of TraceReplay");
        }

        if (version > TraceDatabase.SchemaVersion)
        {
            throw new StoreException(
                StoreError.NewerSchema,
                $"{connection.Path} has schema version {version}; this program knows up to {TraceDatabase.SchemaVersion}",
                "use the newer program, or read the inputs into a new database");
        }

        if (version is > 0 and < TraceDatabase.SchemaVersion)
        {
            throw new StoreException(
                StoreError.Corrupt,
                $"{connection.Path} has schema version {version}; this program reads version {TraceDatabase.SchemaVersion}",
                "read the inputs into a new database");
        }

        if (version < TraceDatabase.SchemaVersion
            || connection.Scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'event_row'") == 0)
        {
            throw new StoreException(
                StoreError.Corrupt, $"{connection.Path} has no complete schema", "read the inputs into a new database");
        }
    }
}
