using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Messages;

/// <summary>Messages that are read together with others beside them: what stands around a message is looked at while the log streams by,
/// so that a message kept alone keeps its meaning.</summary>
internal static class Neighbours
{
    /// <summary>How many lines behind a message belong to it at most (<see cref="FreeRunList"/>).</summary>
    public const long LinesBehind = 6;

    /// <summary>How many lines before it (<c>LockupInAllocator</c>, the furthest).</summary>
    private const long LinesBefore = 80;

    private const long LinesToUse = 2;
    private const long LinesToSuppressed = 2;

    /// <summary>The line <c>table size … used …</c> behind a refused TCE mapping.</summary>
    public static LogMessageFact? TableUse(LogMessageFact message, ReadOnlySpan<KeptMessage> behind)
    {
        if (message.Kind == PoolKind.Tce && message.IsFailure)
        {
            foreach (var other in behind)
            {
                if (other.Fact.Family == "tce-table-use" && IsWithin(message, other.Fact, LinesToUse))
                {
                    return other.Fact;
                }
            }
        }

        return null;
    }

    /// <summary>Kinds of pool that have a failing line right behind a count of suppressed lines.</summary>
    public static ulong Precedes(LogMessageFact message, ReadOnlySpan<KeptMessage> behind, Func<LogMessageFact, bool> counts)
    {
        var kinds = 0UL;
        if (message.Family == "messages-suppressed")
        {
            foreach (var other in behind)
            {
                kinds |= IsWithin(message, other.Fact, LinesToSuppressed) && counts(other.Fact) ? 1UL << (int)other.Fact.Kind : 0;
            }
        }

        return kinds;
    }

    /// <summary>The messages without which this one cannot be judged: lists of free runs behind it, busy ranges, a lockup or a refused
    /// mapping before it.</summary>
    public static KeptMessage[] Companions(LogMessageFact message, Queue<KeptMessage> before, ReadOnlySpan<KeptMessage> behind) =>
        (message.Family, message.Kind) switch
        {
            (_, PoolKind.Cma) when message.IsFailure =>
            [
                .. before.Where(b => b.Fact.Family == "cma-pages-busy" && IsWithin(b.Fact, message, LinesBefore)),
                .. behind.ToArray().Where(b => b.Fact.Family is "cma-holes" or "cma-free-total" && IsWithin(message, b.Fact, LinesBehind)),
            ],
            ("cpu-at", _) => [.. before.Where(b => b.Fact.Family == "soft-lockup" && IsWithin(b.Fact, message, LinesBefore))],
            ("driver-bug-on-map-failure", _) => [.. before.Where(b => b.Fact.IsFailure && IsWithin(b.Fact, message, LinesBefore)).TakeLast(1)],
            _ => [],
        };

    private static bool IsWithin(LogMessageFact first, LogMessageFact second, long lines) => first.Source.Path == second.Source.Path
        && second.Source.Line > first.Source.Line && second.Source.Line <= first.Source.Line + lines;
}
