using System.Text;
using Sprache;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>All known kernel messages, read once from the catalog files in this assembly.</summary>
internal sealed class MessageCatalog
{
    private static readonly Lazy<MessageCatalog> Instance = new(() => new MessageCatalog());

    private readonly (MessageFamily Family, MessageTemplate Template)[][] _byAnchor;

    private MessageCatalog()
    {
        var assembly = typeof(MessageCatalog).Assembly;
        Families = [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".catalog", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(name => ReadFile(assembly.GetManifestResourceStream(name)!, name))];
        var anchors = Families.SelectMany(f => f.Anchors).Distinct(StringComparer.Ordinal).ToArray();
        Scanner = new LiteralScanner(anchors.Select(Encoding.UTF8.GetBytes));
        _byAnchor = [.. anchors.Select(anchor => Families.Where(f => f.Anchors.Contains(anchor, StringComparer.Ordinal))
            .SelectMany(f => f.Templates.Select(t => (f, t))).ToArray())];
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

    /// <summary>Number of anchors.</summary>
    public int AnchorCount => _byAnchor.Length;

    /// <summary>The templates that could stand in a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="found">Room for <see cref="AnchorCount"/> marks, all false; they are so again afterwards.</param>
    /// <param name="into">Cleared, then filled in catalog order.</param>
    public void Candidates(ReadOnlySpan<byte> message, bool[] found, List<(MessageFamily Family, MessageTemplate Template)> into)
    {
        into.Clear();
        Scanner.FindAll(message, found);
        for (var at = found.AsSpan().IndexOf(true); at >= 0; at = found.AsSpan().IndexOf(true))
        {
            found[at] = false;
            into.AddRange(_byAnchor[at]);
        }
    }

    private static IEnumerable<MessageFamily> ReadFile(Stream stream, string name)
    {
        using var reader = new StreamReader(stream);
        var result = CatalogGrammar.File.TryParse(reader.ReadToEnd().ReplaceLineEndings("\n"));
        return result.WasSuccessful ? result.Value : throw new FormatException($"{name}: {result.Message} at line {result.Remainder.Line}");
    }
}
