using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Messages;

/// <summary>What a kept message stands for.</summary>
/// <param name="Occurrences">Messages of its class that it is counted for, itself included; the shares of a class add up to its exact number.</param>
public readonly record struct MessageShare(long Occurrences)
{
    /// <summary>A message that stands for itself only, in a log that was kept whole.</summary>
    public static MessageShare Alone { get; } = new(1);

    /// <summary>Number of the stretch it belongs to: within one stretch no message is left out.</summary>
    public int Stretch { get; init; }

    /// <summary><see cref="LogRules.FailureLine.PausesBefore"/>.</summary>
    public long PausesBefore { get; init; }

    /// <summary>Sum of the suppressed counts of the messages left out that it stands for.</summary>
    public long MoreSuppressed { get; init; }

    /// <summary>Kinds of pool with a failing line right behind it, one bit each by <see cref="PoolKind"/>.</summary>
    public ulong Precedes { get; init; }

    /// <summary>The line on the table's use that the kernel printed right behind it, null if none.</summary>
    public LogMessageFact? TableUse { get; init; }
}
