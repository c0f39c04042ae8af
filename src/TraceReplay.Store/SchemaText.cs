namespace TraceReplay.Store;

/// <summary>The schema for people.</summary>
public static class SchemaText
{
    /// <summary>Tables and views as SQL, with what each column means.</summary>
    public static string Sql => Schema.Sql;
}
