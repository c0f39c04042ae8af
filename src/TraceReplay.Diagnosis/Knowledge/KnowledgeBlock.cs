namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>One entry of a knowledge file: its first line (<c>issue NAME</c>), then lines of a key and its text.</summary>
/// <param name="Kind">First word: <c>issue</c>, <c>remedy</c>, <c>capture</c>.</param>
/// <param name="Name">Second word.</param>
/// <param name="Path">File.</param>
/// <param name="Line">Line of the first word.</param>
/// <param name="Lines">Keys with their texts, in order.</param>
internal sealed record KnowledgeBlock(string Kind, string Name, string Path, int Line, IReadOnlyList<KnowledgeLine> Lines)
{
    /// <summary>Reads a file: entries begin in the first column, a line that begins with a blank goes on with the text of the one
    /// before, <c>#</c> begins a comment line.</summary>
    /// <param name="path">Name of the file, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <param name="kind">The word that begins an entry.</param>
    /// <param name="keys">The keys an entry may have.</param>
    /// <returns>The entries.</returns>
    /// <exception cref="KnowledgeException">A line is none of these.</exception>
    public static IReadOnlyList<KnowledgeBlock> Read(string path, string text, string kind, IReadOnlyCollection<string> keys)
    {
        var blocks = new List<KnowledgeBlock>();
        List<KnowledgeLine>? lines = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r', ' ', '\t');
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] is ' ' or '\t')
            {
                if (lines is not [.., var last])
                {
                    throw new KnowledgeException(path, number, "a continuation line with nothing before it", "begin the line in the first column");
                }

                lines[^1] = last with { Text = (last.Text + " " + line.Trim()).Trim() };
                continue;
            }

            var blank = line.IndexOf(' ', StringComparison.Ordinal);
            var (key, rest) = blank < 0 ? (line, string.Empty) : (line[..blank], line[(blank + 1)..].Trim());
            if (key == kind)
            {
                lines = [];
                blocks.Add(new KnowledgeBlock(kind, rest, path, number, lines));
                CheckName(path, number, kind, rest, blocks);
            }
            else if (lines is null || !keys.Contains(key, StringComparer.Ordinal))
            {
                throw new KnowledgeException(path, number, $"'{key}' is not known here",
                    lines is null ? $"an entry begins with: {kind} NAME" : $"keys are {string.Join(", ", keys)}");
            }
            else
            {
                lines.Add(new KnowledgeLine(key, rest, number));
            }
        }

        return blocks;
    }

    /// <summary>The text of a key, the last one where it stands several times.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text, empty if absent.</returns>
    public string Text(string key) => Lines.LastOrDefault(l => l.Key == key)?.Text ?? string.Empty;

    /// <summary>All texts of a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The texts in order.</returns>
    public IEnumerable<KnowledgeLine> All(string key) => Lines.Where(l => l.Key == key);

    /// <summary>The text of a key that must be there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text.</returns>
    /// <exception cref="KnowledgeException">It is absent or empty.</exception>
    public string Required(string key) => Text(key) is { Length: > 0 } text
        ? text
        : throw new KnowledgeException(Path, Line, $"{Kind} {Name} has no {key}", $"add a line: {key} TEXT");

    private static void CheckName(string path, int number, string kind, string name, List<KnowledgeBlock> blocks)
    {
        if (name.Length == 0 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.' or '_')))
        {
            throw new KnowledgeException(path, number, $"'{name}' is no name", $"write: {kind} NAME, of letters, digits, '-', '.' and '_'");
        }

        if (blocks.Count(b => b.Name == name) > 1)
        {
            throw new KnowledgeException(path, number, $"{kind} {name} stands twice", "give each entry a name of its own");
        }
    }
}

/// <summary>A key with its text.</summary>
/// <param name="Key">The key.</param>
/// <param name="Text">The text, continuation lines joined with a blank.</param>
/// <param name="Line">Line from 1.</param>
internal sealed record KnowledgeLine(string Key, string Text, int Line);
