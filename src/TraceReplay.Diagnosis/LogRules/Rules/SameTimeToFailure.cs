using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Several boots fail after a similar uptime of many minutes: a holding that grows with time, not with load.</summary>
internal static class SameTimeToFailure
{
    private const double LeastSeconds = 600;

    /// <summary>First failures of all boots within this factor.</summary>
    private const double Similar = 1.5;

    /// <summary>A nightly backup after a nightly restart looks the same.</summary>
    private const double Suspected = 0.5;

    public static LogRule Rule { get; } = new("same-time-to-failure",
        "a load that starts at the same time after every boot", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        const double LongestUptime = 365 * 86400.0;
        var firsts = log.Lines.Where(l => l.Fact.TimeNs != TraceEvent.NoTime && (l.IsShort || !l.IsNumbered) && !l.IsAboveSegmentLimit)
            .GroupBy(l => l.Boot).Select(g => (Seconds: g.First().Fact.TimeNs / 1e9, Lines: g.ToList())).ToList();
        if (firsts.Count < 2 || firsts.Min(f => f.Seconds) < LeastSeconds || firsts.Max(f => f.Seconds) > LongestUptime
            || firsts.Max(f => f.Seconds) > firsts.Min(f => f.Seconds) * Similar)
        {
            yield break;
        }

        yield return Conclusion.For(Cause.Leak, Suspected, string.Create(CultureInfo.InvariantCulture,
            $"{firsts.Count} boots fail for the first time after a similar uptime ({firsts.Min(f => f.Seconds):F0} to {firsts.Max(f => f.Seconds):F0} s): what fills the pool grows with time.")) with
        {
            Lines = [.. firsts.SelectMany(f => f.Lines)],
        };
    }
}
