using TraceReplay.Diagnosis.KnownIssues;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>Where knowledge files come from: this assembly, or the user's folders.</summary>
internal static class KnowledgeFiles
{
    private const int MostBytes = 1 << 22;

    /// <summary>The files that a path names.</summary>
    /// <param name="path">A file, or a folder.</param>
    /// <returns>The file; of a folder, the files with the right ending in order of their names.</returns>
    /// <exception cref="KnowledgeException">There is no such file, or none in the folder.</exception>
    public static IReadOnlyList<string> Below(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        string[] files = [.. Directory.EnumerateFiles(path, "*" + KnownIssueCatalog.Extension).Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new KnowledgeException(path, 0, "the folder holds no known issues", $"files must end in {KnownIssueCatalog.Extension}");
    }

    /// <summary>Text of a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its text.</returns>
    /// <exception cref="KnowledgeException">It cannot be read, or is far too large to be one.</exception>
    public static string Text(string path)
    {
        try
        {
            var size = new FileInfo(path).Length;
            return size <= MostBytes
                ? File.ReadAllText(path)
                : throw new KnowledgeException(path, 0, "the file is too large to be a list of known issues", "at most 4 MiB are read");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new KnowledgeException(path, 0, exception.Message, "give a file or folder of known issues");
        }
    }

    /// <summary>The files inside this assembly.</summary>
    /// <param name="prefix">Begin of their names.</param>
    /// <returns>Names and texts in order of names.</returns>
    public static IEnumerable<(string Name, string Text)> Resources(string prefix)
    {
        var assembly = typeof(KnowledgeFiles).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var reader = new StreamReader(stream);
            yield return (name, reader.ReadToEnd());
        }
    }
}
