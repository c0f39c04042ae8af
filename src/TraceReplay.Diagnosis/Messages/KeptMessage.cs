using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Messages;

/// <summary>A message that is kept, or may yet be.</summary>
/// <param name="fact">The message.</param>
/// <param name="ordinal">Its number among all messages.</param>
internal sealed class KeptMessage(LogMessageFact fact, long ordinal)
{
    /// <summary>The message.</summary>
    public LogMessageFact Fact { get; } = fact;

    /// <summary>Its number among all messages.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>What <see cref="DeviceTally"/> said of it, null where it is no failure.</summary>
    public int? Tally { get; init; }

    /// <summary>Its class, null as long as what stands behind it is not known.</summary>
    public MessageClass? Class { get; set; }

    /// <summary>Messages that are kept with it.</summary>
    public KeptMessage[] Companions { get; set; } = [];

    /// <summary>The table's use printed right behind it.</summary>
    public LogMessageFact? TableUse { get; set; }

    /// <summary>Pauses of its device up to here.</summary>
    public long PausesBefore { get; set; }

    /// <summary>Kinds of pool with a failing line right behind it.</summary>
    public ulong Precedes { get; set; }
}

/// <summary>Messages that every rule judges alike: counted exactly, some of them kept.</summary>
internal sealed class MessageClass
{
    /// <summary>How many there were.</summary>
    public long Count { get; set; }

    /// <summary>Sum of the suppressed counts they state.</summary>
    public long Suppressed { get; set; }

    /// <summary>The first.</summary>
    public KeptMessage? First { get; set; }

    /// <summary>The second.</summary>
    public KeptMessage? Second { get; set; }

    /// <summary>The last.</summary>
    public KeptMessage? Last { get; set; }

    /// <summary>Those kept, in order; filled when the kept ones are collected.</summary>
    public List<KeptMessage> Kept { get; } = [];
}
