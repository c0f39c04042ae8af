using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>What a recognised message is turned into.</summary>
internal enum MessageUse
{
    /// <summary>A <see cref="LogMessageFact"/>.</summary>
    Message,

    /// <summary>A <see cref="PoolGeometryFact"/> as well.</summary>
    Geometry,

    /// <summary>A <see cref="MachineFact"/>.</summary>
    Machine,

    /// <summary>A message that stands in the trace too, for aligning clocks; nothing else is taken from it.</summary>
    Marker,

    /// <summary>Another boot begins here; nothing else is taken from it.</summary>
    Boot,

    /// <summary>Total and use of the pool that the message before it speaks of: they are added to that one.</summary>
    Usage,

    /// <summary>The message before it stands for several: told as a suppressed count of that one's family.</summary>
    Repeat,

    /// <summary>How many messages were not printed: those of the function it names, else those of the message behind it.</summary>
    Suppressed,

    /// <summary>A message only where a failed mapping stands shortly before it.</summary>
    Consequence,

    /// <summary>Head of a call trace: told as a message where the trace belongs to a failed mapping and names who called for it.</summary>
    Trace,
}

/// <summary>A family of messages: one meaning, several wordings.</summary>
internal sealed class MessageFamily
{
    /// <summary>Bytes an anchor needs at least.</summary>
    public const int ShortestAnchor = Text.LiteralScanner.Width;

    /// <summary>Creates a family from its block in a catalog.</summary>
    /// <param name="name">Name of the family.</param>
    /// <param name="properties">Its properties, checked by <see cref="CatalogFile"/>.</param>
    /// <param name="templates">Its wordings.</param>
    public MessageFamily(string name, IReadOnlyDictionary<string, string> properties, IReadOnlyList<MessageTemplate> templates)
    {
        Name = name;
        Pool = PoolKindNames.Parse(properties.GetValueOrDefault("pool", "unknown")) ?? PoolKind.Unknown;
        IsFailure = properties.ContainsKey("failure");
        IsEcho = properties.ContainsKey("echo");
        IgnoresCase = properties.ContainsKey("nocase");
        StartsMessage = properties.ContainsKey("starts");
        Proves = properties.GetValueOrDefault("proves", string.Empty);
        Level = properties.GetValueOrDefault("level", string.Empty);
        Use = Enum.Parse<MessageUse>(properties.GetValueOrDefault("use", "message"), ignoreCase: true);
        Prefix = properties.TryGetValue("prefix", out var prefix) ? prefix + ' ' : string.Empty;
        Joins = properties.TryGetValue("joins", out var joins) ? PoolKindNames.Parse(joins) : null;
        Functions = Split(properties, "limits");
        Unless = [.. Split(properties, "unless").Select(text => Encoding.UTF8.GetBytes(IgnoresCase ? text.ToLowerInvariant() : text))];
        Templates = templates;
        var anchors = Split(properties, "anchors");
        anchors = anchors.Length > 0 ? anchors : [.. templates.Select(t => t.LongestLiteral)];
        Anchors = [.. anchors.SelectMany(a => IgnoresCase ? Cases(a) : [a]).Distinct(StringComparer.Ordinal)];
        if (IgnoresCase)
        {
            foreach (var template in templates)
            {
                template.IgnoreCase();
            }
        }

        ByPivot = PivotTemplates.Of(templates);
    }

    /// <summary>Name of the family.</summary>
    public string Name { get; }

    /// <summary>Pool it speaks of.</summary>
    public PoolKind Pool { get; }

    /// <summary>Each line states one failed mapping.</summary>
    public bool IsFailure { get; }

    /// <summary>Close behind another failure line it speaks of the same request, and counts with it.</summary>
    public bool IsEcho { get; }

    /// <summary>Letters match in either case.</summary>
    public bool IgnoresCase { get; }

    /// <summary>Counts only where the wording begins the message, behind printk prefixes or a time stamp: not in prose.</summary>
    public bool StartsMessage { get; }

    /// <summary>What a line of it proves.</summary>
    public string Proves { get; }

    /// <summary>printk level where it is the same for all wordings, empty if not told.</summary>
    public string Level { get; }

    /// <summary>What it is turned into.</summary>
    public MessageUse Use { get; }

    /// <summary>Literals of which every wording has at least one: what the scan of a log looks for.</summary>
    public IReadOnlyList<string> Anchors { get; }

    /// <summary>What the kernel prints in front of every wording (pr_fmt), maybe with driver and device between.</summary>
    public string Prefix { get; }

    /// <summary>Literals that a line of it never holds.</summary>
    public IReadOnlyList<byte[]> Unless { get; }

    /// <summary>The pool it speaks of where a message of that pool stands shortly before it, null if it never says.</summary>
    public PoolKind? Joins { get; }

    /// <summary>Kernel functions whose rate limit hides further lines of this family.</summary>
    public IReadOnlyList<string> Functions { get; }

    /// <summary>Wordings.</summary>
    public IReadOnlyList<MessageTemplate> Templates { get; }

    /// <summary>Wordings by the literal that is searched.</summary>
    public PivotTemplates[] ByPivot { get; }

    /// <summary>Whether an anchor stands in a wording.</summary>
    /// <param name="template">The wording.</param>
    /// <returns>True if the scan can find it.</returns>
    public bool HasAnchor(MessageTemplate template)
    {
        var text = Prefix + template.Sample;
        return Anchors.Any(a => text.Contains(a, IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal));
    }

    private static string[] Split(IReadOnlyDictionary<string, string> properties, string name) =>
        properties.GetValueOrDefault(name, string.Empty).Split('|', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The spellings that occur: as written, small, with a capital, all capitals, and <c>DMA</c> and <c>PCI</c> in
    /// capitals among small letters. The scan compares bytes.</summary>
    private static IEnumerable<string> Cases(string anchor)
    {
        var small = anchor.ToLowerInvariant();
        var names = small.Replace("dma", "DMA", StringComparison.Ordinal).Replace("pci", "PCI", StringComparison.Ordinal);
        yield return anchor;
        yield return small;
        yield return names;
        yield return char.ToUpperInvariant(small[0]) + small[1..];
        yield return char.ToUpperInvariant(names[0]) + names[1..];
        yield return anchor.ToUpperInvariant();
    }
}
