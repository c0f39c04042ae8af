using SQLitePCL;

namespace TraceReplay.Store;

/// <summary>What a statement of the user may do: read. Asked by SQLite for every action while it compiles a statement.</summary>
internal static class Authorizer
{
    // Reading ones only, and none that takes a value, but for those whose value is the name of a table or a limit.
    private static readonly HashSet<string> ReadingPragmas = new(StringComparer.OrdinalIgnoreCase)
    {
        "application_id", "collation_list", "compile_options", "database_list", "encoding", "foreign_key_list",
        "freelist_count", "function_list", "index_info", "index_list", "index_xinfo", "integrity_check", "page_count",
        "page_size", "pragma_list", "quick_check", "schema_version", "table_info", "table_list", "table_xinfo", "user_version",
    };

    private static readonly HashSet<string> NamingPragmas = new(StringComparer.OrdinalIgnoreCase)
    {
        "foreign_key_list", "index_info", "index_list", "index_xinfo", "integrity_check", "quick_check", "table_info",
        "table_list", "table_xinfo",
    };

    // Functions that reach outside the database, in case the library was built with them.
    private static readonly HashSet<string> ReachingFunctions = new(StringComparer.OrdinalIgnoreCase)
    {
        "load_extension", "fts3_tokenizer", "readfile", "writefile", "edit", "zipfile", "sqlite_dbpage",
    };

    /// <summary>The callback for <c>sqlite3_set_authorizer</c>.</summary>
    public static int Decide(object user, int action, string? first, string? second, string database, string trigger) =>
        IsReading(action, first, second) ? raw.SQLITE_OK : raw.SQLITE_DENY;

    private static bool IsReading(int action, string? first, string? second) => action switch
    {
        raw.SQLITE_SELECT or raw.SQLITE_READ or raw.SQLITE_RECURSIVE => true,
        raw.SQLITE_FUNCTION => second is null || !ReachingFunctions.Contains(second),
        raw.SQLITE_PRAGMA => first is not null
            && (string.IsNullOrEmpty(second) ? ReadingPragmas : NamingPragmas).Contains(first),
        _ => false,
    };
}
