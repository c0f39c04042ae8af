using TraceReplay.Core;
using TraceReplay.Diagnosis.Messages;
using TraceReplay.Pools;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>The evidence that rules look at: what the messages say of one kind of pool, and what stands around it.</summary>
public sealed class LogCase
{
    private readonly ILookup<string, LogMessageFact> _byFamily;
    private readonly Lazy<IReadOnlyDictionary<FailureLine, FreeRunList>> _freeRuns;

    private LogCase(PoolKind kind, CaseFacts facts, LogEvidence messages, IReadOnlyList<FailureLine> lines)
    {
        Kind = kind;
        Facts = facts;
        Messages = messages;
        Lines = lines;
        LineCount = FailureLine.Count(lines);
        _byFamily = facts.Messages.ToLookup(m => m.Family, StringComparer.Ordinal);
        _freeRuns = new Lazy<IReadOnlyDictionary<FailureLine, FreeRunList>>(() => FreeRunList.Find(this));
        Kernel = KernelVersion.TryParse(facts.Machine.KernelVersion ?? facts.Machine.KernelRelease, out var version) ? version : null;
    }

    /// <summary>Kind of pool.</summary>
    public PoolKind Kind { get; }

    /// <summary>Whether it is a software IO TLB, Xen's or the plain one.</summary>
    public bool IsSwiotlb => Kind is PoolKind.Swiotlb or PoolKind.SwiotlbXen;

    /// <summary>All facts of the case.</summary>
    public CaseFacts Facts { get; }

    /// <summary>The messages of this kind of pool, with drivers' lines and suppressed counts.</summary>
    public LogEvidence Messages { get; }

    /// <summary>The failing lines in order.</summary>
    public IReadOnlyList<FailureLine> Lines { get; }

    /// <summary>How many failing lines there are in the log: at least as many as <see cref="Lines"/>.</summary>
    public long LineCount { get; }

    /// <summary>The list of free runs behind each failing CMA line that has one.</summary>
    public IReadOnlyDictionary<FailureLine, FreeRunList> FreeRuns => _freeRuns.Value;

    /// <summary>The kernel's version, null if not told.</summary>
    public KernelVersion? Kernel { get; }

    /// <summary>Collects the evidence.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="filter">Which failures count.</param>
    /// <returns>The evidence.</returns>
    public static LogCase For(CaseFacts facts, PoolKind kind, FailureFilter filter)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var messages = LogEvidence.For(facts, kind, filter);
        var boots = new Boots(facts.Messages);
        var lines = messages.Failures.Select(m => Line(m, boots.Of(m), facts.Messages.ShareOf(m))).ToList();
        IReadOnlyList<FailureLine> paired = kind == PoolKind.Tce ? TableUse.Pair(lines, facts.Messages) : lines;

        // Lines that stand for others are of their stretch of the log.
        return new LogCase(kind, facts, messages, facts.Messages.IsThinned ? paired : facts.Timeline.Order(paired, line => line.Fact));
    }

    private static FailureLine Line(LogMessageFact message, int boot, MessageShare share)
    {
        var line = new FailureLine(message, boot) { Occurrences = share.Occurrences, Stretch = share.Stretch, PausesBefore = share.PausesBefore };
        return share.TableUse is { } use ? line with { Total = use.TotalUnits, Used = use.UsedUnits } : line;
    }

    /// <summary>The messages of a family, whatever the pool.</summary>
    /// <param name="families">Names of families.</param>
    /// <returns>Messages in the order of the families.</returns>
    public IEnumerable<LogMessageFact> Of(params ReadOnlySpan<string> families)
    {
        List<LogMessageFact> found = [];
        foreach (var family in families)
        {
            found.AddRange(_byFamily[family]);
        }

        return found;
    }

    /// <summary>Readings of the pool's use in the failing lines, boot by boot.</summary>
    /// <returns>One series for each boot with at least one numbered line.</returns>
    public IEnumerable<UseSeries> Series() => Lines.Where(l => l.IsNumbered && !l.IsAboveSegmentLimit)
        .GroupBy(l => l.Boot).Select(g => new UseSeries([.. g]));
}
