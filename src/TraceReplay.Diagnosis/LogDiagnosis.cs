using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;
using TraceReplay.Diagnosis.LogRules.Rules;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>The best honest diagnosis where only kernel messages are at hand: who reported, what the rules conclude from the numbers
/// (<c>LogRules</c>), what they cannot tell, and what to capture next. It never names a reporter as the culprit.</summary>
public static class LogDiagnosis
{
    /// <summary>Kinds of pool that the log has something to say about.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="filter">Which failures count.</param>
    /// <returns>Kinds with failing lines, and those that may have failed without one.</returns>
    public static IEnumerable<PoolKind> Kinds(CaseFacts facts, FailureFilter filter)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(filter);
        return facts.Messages.Where(m => LogEvidence.Counts(m) && filter.Counts(m.TimeNs, m.Device)).Select(m => m.Kind)
            .Concat(facts.Messages.Where(m => m.Family == "cpu-at").Select(m => LockupInAllocator.KindOf(m.Function)).Where(k => k != PoolKind.Unknown))
            .Concat(facts.Geometry.Where(g => g is { Kind: PoolKind.Swiotlb, Origin: GeometryOrigin.Log, Base: not null }).Select(g => g.Kind))
            .Distinct().Order();
    }

    /// <summary>Diagnoses the messages of one kind of pool.</summary>
    /// <param name="id">Number of the incident.</param>
    /// <param name="pool">Number of the pool.</param>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="facts">The case.</param>
    /// <param name="filter">Which failures count.</param>
    /// <returns>The incident, or null if nothing went wrong as far as the log tells.</returns>
    public static Incident? Incident(int id, int pool, PoolKind kind, CaseFacts facts, FailureFilter filter)
    {
        var log = LogCase.For(facts, kind, filter);
        var result = Combination.Of(log.Lines, LogRuleSet.Run(log));
        // A CPU that is stuck in the pool's code is a failure whatever it is stuck for.
        if (log.Lines.Count == 0 && result.Cause == Cause.Unknown && result.Conclusions.All(c => c.Cause != Cause.Livelock))
        {
            return null;
        }

        var reporters = Reporters(kind, log.Messages, facts);
        return new Incident
        {
            Id = id,
            Pool = pool,
            PoolKind = kind,
            FromTrace = false,
            Cause = result.Cause,
            Confidence = result.Confidence,
            FirstFailure = log.Lines.Count > 0 ? FirstFailure(log.Lines[0], facts) : null,
            Failures = log.LineCount,
            Suppressed = log.Messages.Suppressed,
            FailureRange = log.Messages.Range,
            LastFailureTimeNs = log.Lines.Count > 0 ? log.Lines[^1].Fact.TimeNs : TraceEvent.NoTime,
            LastFailureSource = log.Lines.Count > 0 ? log.Lines[^1].Fact.Source : default,
            Causes = result.Causes,
            Reporters = reporters,
            Verdict = LogWording.Verdict(log, result, reporters),
            Explanation = LogWording.Explanation(log, result),
            Evidence = Evidence(log, result),
            Uncertain = LogWording.Uncertain(log, result),
        };
    }

    /// <summary>Devices named by the pool's own lines, then those whose driver alone says that a mapping failed.</summary>
    private static List<Reporter> Reporters(PoolKind kind, LogEvidence messages, CaseFacts facts)
    {
        var byPool = facts.Messages.Devices.Counted(kind)
            .Select(d => new Reporter(d.Device, facts.DriverOf(d.Device), d.Lines, messages.Named(d.Device)))
            .OrderByDescending(r => r.Failures).ThenBy(r => r.Device, StringComparer.Ordinal).ToList();
        var known = byPool.Select(r => r.Device).ToHashSet(StringComparer.Ordinal);
        var byDriver = facts.Messages.Devices.Counted(PoolKind.Driver).Where(d => kind != PoolKind.Driver && d.Device.Length > 0 && !known.Contains(d.Device))
            .Select(d => new Reporter(d.Device, facts.DriverOf(d.Device), d.Lines, d.Lines))
            .OrderByDescending(r => r.Failures).ThenBy(r => r.Device, StringComparer.Ordinal);
        return [.. byPool, .. byDriver];
    }

    private static FailureReport FirstFailure(FailureLine first, CaseFacts facts) => new()
    {
        TimeNs = first.Fact.TimeNs,
        Device = first.Fact.Device,
        Driver = first.Fact.Driver.Length > 0 ? first.Fact.Driver : facts.DriverOf(first.Fact.Device),
        Bytes = first.Fact.Bytes,
        Units = first.Units,
        UsedUnits = first.Used,
        TotalUnits = first.Total,
        FreeUnits = first.Free,
        Source = first.Fact.Source,
    };

    /// <summary>The line, with the use that another line tells of that moment.</summary>
    private static string Said(FailureLine line) => line.Used is { } used && line.Fact.Kind == PoolKind.Tce
        ? string.Create(CultureInfo.InvariantCulture, $"{line.Fact.Text} ({used} of {line.Total} entries in use)") : line.Fact.Text;

    private static List<Evidence> Evidence(LogCase log, Combination result)
    {
        const int MostLines = 5;
        const int MostGrounds = 4;
        var failing = log.Lines.Select(l => l.Fact.Source).ToHashSet();
        var deciding = new HashSet<FailureLine>(result.Deciding.SelectMany(c => c.Lines ?? []), ReferenceEqualityComparer.Instance);
        var lines = log.Lines.OrderByDescending(deciding.Contains).DistinctBy(l => (l.Fact.Device, l.Fact.Bytes, l.Fact.Pages, l.Used)).Take(MostLines)
            .OrderBy(l => l.Fact.Source.Line).Select(l => new Evidence(Said(l), l.Fact.Source)).ToList();
        lines.AddRange(result.Conclusions.SelectMany(c => c.Grounds.Select(m => (Message: m, c.Use))).DistinctBy(g => g.Message.Source)
            .Where(g => !failing.Contains(g.Message.Source)).Take(MostGrounds)
            .Select(g => new Evidence((g.Use == ConclusionUse.Notes ? "beside it: " : string.Empty) + g.Message.Text, g.Message.Source)));
        lines.AddRange(log.Messages.DriverLines.DistinctBy(m => m.Device, StringComparer.Ordinal).Take(3)
            .Select(m => new Evidence("a driver's own line: " + m.Text, m.Source)));
        lines.AddRange(log.Messages.Suppressions.Take(2).Select(m => new Evidence(m.Text, m.Source)));
        return [.. lines.DistinctBy(e => e.Source)];
    }
}
