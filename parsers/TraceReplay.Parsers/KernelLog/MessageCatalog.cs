using System.Collections.Frozen;
using System.Text;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>All known kernel messages: those of the catalog files in this assembly, and maybe a user's own.</summary>
internal sealed class MessageCatalog
{
    private static readonly Lazy<MessageCatalog> Instance = new(() => new MessageCatalog(Embedded()));

    private readonly MessageFamily[][] _byAnchor;
    private readonly FrozenDictionary<string, MessageFamily> _byFunction;
    private readonly HashSet<Core.PoolKind> _usedPools;

    private MessageCatalog(IReadOnlyList<MessageFamily> families)
    {
        Families = families;
        var anchors = Families.SelectMany(f => f.Anchors.Select(a => (Anchor: a, Family: f))).GroupBy(x => x.Anchor, StringComparer.Ordinal).ToArray();

        // A message that netconsole cut in two may have its anchor on neither side.
        Scanner = new LiteralScanner(anchors.Select(a => Encoding.UTF8.GetBytes(a.Key)).Append(NetconsoleFragments.Mark.ToArray()));
        _byAnchor = [.. anchors.Select(a => a.Select(x => x.Family).ToArray()), []];
        _byFunction = Families.SelectMany(f => f.Functions.Select(name => (name, f))).DistinctBy(x => x.name, StringComparer.Ordinal)
            .ToFrozenDictionary(x => x.name, x => x.f, StringComparer.Ordinal);
        _usedPools = [.. Families.Where(f => f.Use == MessageUse.Usage).Select(f => f.Pool)];
        LongestTemplate = Families.SelectMany(f => f.Templates).Max(t => t.Parts.Length);
    }

    /// <summary>The built-in catalog.</summary>
    public static MessageCatalog Shared => Instance.Value;

    /// <summary>All families, in the order of the files' names and of the lines in them.</summary>
    public IReadOnlyList<MessageFamily> Families { get; }

    /// <summary>Finds lines that any message could stand in.</summary>
    public LiteralScanner Scanner { get; }

    /// <summary>Parts of the longest template.</summary>
    public int LongestTemplate { get; }

    /// <summary>Number of anchors.</summary>
    public int AnchorCount => _byAnchor.Length;

    /// <summary>The built-in messages and a user's own. Of wordings that fit equally well the user's own wins.</summary>
    /// <param name="own">The user's families.</param>
    /// <returns>A catalog of all.</returns>
    public static MessageCatalog With(IReadOnlyList<MessageFamily> own) => own.Count == 0 ? Shared : new MessageCatalog([.. own, .. Shared.Families]);

    /// <summary>The families that could stand in a message.</summary>
    /// <param name="message">The message.</param>
    /// <param name="found">Room for <see cref="AnchorCount"/> marks, all false; they are so again afterwards.</param>
    /// <param name="into">Cleared, then filled in catalog order.</param>
    public void Candidates(ReadOnlySpan<byte> message, bool[] found, List<MessageFamily> into)
    {
        into.Clear();
        Scanner.FindAll(message, found);
        for (var at = found.AsSpan().IndexOf(true); at >= 0; at = found.AsSpan().IndexOf(true))
        {
            found[at] = false;
            foreach (var family in _byAnchor[at])
            {
                if (!into.Contains(family))
                {
                    into.Add(family);
                }
            }
        }
    }

    /// <summary>The family whose lines a rate limit hides.</summary>
    /// <param name="function">Function that the rate limit stands in.</param>
    /// <returns>The family, null if the function is not known.</returns>
    public MessageFamily? LimitedBy(string function) => _byFunction.GetValueOrDefault(function);

    /// <summary>Whether a line about the use of the pool may follow a message of this kind.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <returns>True if there are such messages.</returns>
    public bool TellsUse(Core.PoolKind kind) => _usedPools.Contains(kind);

    private static MessageFamily[] Embedded()
    {
        var assembly = typeof(MessageCatalog).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.EndsWith(".catalog", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .SelectMany(name => ReadEmbedded(assembly.GetManifestResourceStream(name)!, name))];
    }

    private static IReadOnlyList<MessageFamily> ReadEmbedded(Stream stream, string name)
    {
        using var reader = new StreamReader(stream);
        var (families, problems) = CatalogFile.Read(reader.ReadToEnd());
        return problems.Count == 0 ? families : throw new FormatException($"{name}:{problems[0].Line}: {problems[0].Problem}");
    }
}
