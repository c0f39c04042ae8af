namespace TraceReplay.Store;

/// <summary>A query that comes with the program.</summary>
/// <param name="Name">Name after <c>@</c>.</param>
/// <param name="Description">One line: what it shows.</param>
/// <param name="Parameters">Named parameters, each may be left out.</param>
/// <param name="Sql">The statement.</param>
public sealed record SavedQuery(string Name, string Description, IReadOnlyList<QueryParameter> Parameters, string Sql);

/// <summary>A parameter of a saved query.</summary>
/// <param name="Name">Name without the colon.</param>
/// <param name="Description">What it means, and what holds without it.</param>
public sealed record QueryParameter(string Name, string Description);

/// <summary>The saved queries: the files of this folder. The first comment line describes the query, comment lines that
/// start with a colon its parameters.</summary>
public static class SavedQueries
{
    private const string Prefix = "query.";
    private static readonly Lazy<IReadOnlyList<SavedQuery>> Loaded = new(Load);

    /// <summary>All queries in order of name.</summary>
    public static IReadOnlyList<SavedQuery> All => Loaded.Value;

    /// <summary>A query by name.</summary>
    /// <param name="name">Name with or without <c>@</c>.</param>
    /// <returns>The query.</returns>
    /// <exception cref="StoreException">There is none of that name; the hint names the nearest.</exception>
    public static SavedQuery Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var bare = name.TrimStart('@');
        return All.FirstOrDefault(q => string.Equals(q.Name, bare, StringComparison.Ordinal)) ?? throw new StoreException(
            StoreError.Query, $"there is no saved query @{Core.Terminal.Escape(bare)}",
            Nearest.To(bare, All.Select(q => q.Name)) is { } near ? $"did you mean @{near}?" : "list them with: tracereplay queries");
    }

    private static List<SavedQuery> Load() =>
    [
        .. typeof(SavedQueries).Assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal))
            .OrderBy(n => n, StringComparer.Ordinal)
            .Select(n => Parse(n[Prefix.Length..], Schema.Resource(n))),
    ];

    private static SavedQuery Parse(string name, string text)
    {
        var comments = text.Split('\n').TakeWhile(l => l.StartsWith("--", StringComparison.Ordinal))
            .Select(l => l[2..].Trim()).ToList();
        var parameters = comments.Skip(1).Where(c => c.StartsWith(':')).Select(c => c[1..].Split(' ', 2))
            .Select(p => new QueryParameter(p[0], p.Length > 1 ? p[1] : string.Empty));
        return new SavedQuery(name, comments[0], [.. parameters], text);
    }
}
