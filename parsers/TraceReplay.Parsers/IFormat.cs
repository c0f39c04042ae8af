using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers;

/// <summary>What part a source plays in an incident. Sources are read in this order, so that a trace finds the
/// definitions and the kernel log of its incident already known.</summary>
public enum SourceRole
{
    /// <summary>Says how the trace is to be read: probe definitions, clock, kernel version.</summary>
    Definition,

    /// <summary>Describes the machine, its devices and pools.</summary>
    Inventory,

    /// <summary>A kernel log.</summary>
    Log,

    /// <summary>A trace.</summary>
    Trace,

    /// <summary>Known, and of no use here; named in an Info diagnostic.</summary>
    Ignored,
}

/// <summary>How sure a format is that a source is its own.</summary>
/// <param name="Score">0 = no, 100 = certain. The best score wins; of equal ones the first in <see cref="Formats.All"/>.</param>
/// <param name="Reason">Why, in a few words.</param>
public readonly record struct ProbeResult(int Score, string Reason)
{
    /// <summary>Not this format.</summary>
    public static ProbeResult No => new(0, string.Empty);
}

/// <summary>What a probe may look at.</summary>
/// <param name="head">First bytes of the content.</param>
/// <param name="name">File name without folders and compression suffix; a tie-breaker only.</param>
/// <param name="isWhole">The head is the whole content.</param>
public readonly ref struct ProbeInput(ReadOnlySpan<byte> head, string name, bool isWhole)
{
    /// <summary>First bytes of the content after decompression.</summary>
    public ReadOnlySpan<byte> Head { get; } = head;

    /// <summary>File name without folders and compression suffix.</summary>
    public string Name { get; } = name;

    /// <summary>Whether <see cref="Head"/> is the whole content.</summary>
    public bool IsWhole { get; } = isWhole;

    /// <summary>The first line without its end.</summary>
    public ReadOnlySpan<byte> FirstLine
    {
        get
        {
            var rest = Head;
            return HeadLines.Next(ref rest);
        }
    }
}

/// <summary>One input format: a probe on bytes and a reader.</summary>
internal interface IFormat
{
    /// <summary>Stable name (<c>ftrace-text</c>), used by <c>--input-format</c> and in the database.</summary>
    string Name { get; }

    /// <summary>One line for people.</summary>
    string Description { get; }

    /// <summary>Its part in an incident.</summary>
    SourceRole Role { get; }

    /// <summary>The best its probe ever says: it is not asked where another format said more.</summary>
    int BestScore => 100;

    /// <summary>Judges the first bytes.</summary>
    /// <param name="input">What there is to see.</param>
    /// <returns>Score and reason.</returns>
    ProbeResult Probe(in ProbeInput input);

    /// <summary>Reads a source to its end. Never throws on content.</summary>
    /// <param name="job">Where records go, and what is known already.</param>
    void Read(SourceJob job);
}
