using TraceReplay.Report;

namespace TraceReplay.Web;

/// <summary>The script and the style sheet; they are inside the assembly.</summary>
internal static class Assets
{
    private static readonly Dictionary<string, (string Type, string Text)> All = new(StringComparer.Ordinal)
    {
        ["/app.js"] = ("text/javascript", Resource("app.js")),
        ["/app.css"] = ("text/css", HtmlStyle.Sheet.ReplaceLineEndings("\n") + Resource("app.css")),
    };

    /// <summary>Finds one.</summary>
    /// <param name="path">Path of the request.</param>
    /// <returns>Media type and text, null if there is none.</returns>
    public static (string Type, string Text)? Find(string path) => All.TryGetValue(path, out var asset) ? asset : null;

    private static string Resource(string name)
    {
        using var stream = typeof(Assets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"resource {name} is missing");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
