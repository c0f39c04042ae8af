using System.Collections.Frozen;
using System.Text;
using Sprache;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>All known kernel messages, read once from the catalog files in this assembly.</summary>
internal sealed class MessageCatalog
{
    private static readonly Lazy<MessageCatalog> Instance = new(() => new MessageCatalog());

    private readonly FrozenDictionary<string, (MessageFamily Family, MessageTemplate Template)[]> _byAnchor;
    private readonly (byte[] Anchor, string Text)[] _anchors;

    private MessageCatalog()
    {
        var assembly = typeof(MessageCatalog).Assembly;
        Families = [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".catalog", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(name => ReadFile(assembly.GetManifestResourceStream(name)!, name))];
        var anchors = Families.SelectMany(f => f.Anchors).Distinct(StringComparer.Ordinal).ToArray();
        _anchors = [.. anchors.Select(a => (Encoding.UTF8.GetBytes(a), a))];
        Scanner = new LiteralScanner(_anchors.Select(a => a.Anchor));
        _byAnchor = anchors.ToFrozenDictionary(
            anchor => anchor,
            anchor => Families.Where(f => f.Anchors.Contains(anchor, StringComparer.Ordinal))
                .SelectMany(f => f.Templates.Select(t => (f, t))).ToArray(),
            StringComparer.Ordinal);
        LongestTemplate = Families.SelectMany(f => f.Templates).Max(t => t.Parts.Count);
    }

    /// <summary>The catalog.</summary>
    public static MessageCatalog Shared => Instance.Value;

    /// <summary>All families in file order.</summary>
    public IReadOnlyList<MessageFamily> Families { get; }

    /// <summary>Finds lines that any message could stand in.</summary>
    public LiteralScanner Scanner { get; }

    /// <summary>Parts of the longest template.</summary>
    public int LongestTemplate { get; }

    /// <summary>The templates that could stand in a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="into">Cleared, then filled in catalog order.</param>
    public void Candidates(ReadOnlySpan<byte> message, List<(MessageFamily Family, MessageTemplate Template)> into)
    {
        into.Clear();
        foreach (var (anchor, text) in _anchors)
        {
            if (message.IndexOf(anchor) >= 0)
            {
                into.AddRange(_byAnchor[text]);
            }
        }
    }

    private static IEnumerable<MessageFamily> ReadFile(Stream stream, string name)
    {
        using var reader = new StreamReader(stream);
        var result = CatalogGrammar.File.TryParse(reader.ReadToEnd().ReplaceLineEndings("\n"));
        return result.WasSuccessful ? result.Value : throw new FormatException($"{name}: {result.Message} at line {result.Remainder.Line}");
    }
}
