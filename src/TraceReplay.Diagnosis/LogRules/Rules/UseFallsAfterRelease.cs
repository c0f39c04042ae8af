using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The use falls by much right after a device went away or was reset: that device held what came free.</summary>
internal static class UseFallsAfterRelease
{
    private const double LeastFall = 0.25;

    public static LogRule Rule { get; } = new("use-falls-after-release", "another device may have ended its load at the same time", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var gone = log.Of("device-gone").Where(m => m.TimeNs != TraceEvent.NoTime).ToList();
        foreach (var series in log.Series().Where(_ => gone.Count > 0))
        {
            foreach (var (before, after) in series.Lines.Zip(series.Lines.Skip(1)).Where(p => p.First.Used - p.Second.Used >= series.Total * LeastFall))
            {
                var between = gone.LastOrDefault(m => m.TimeNs >= before.Fact.TimeNs && m.TimeNs <= after.Fact.TimeNs);
                if (between is not null)
                {
                    yield return Conclusion.Note(
                        $"The use fell from {before.Used} to {after.Used} {Wording.Units(log.Kind)} after {Wording.Device(between.Device, between.Driver)} went away or was reset: it probably held the difference. Mappings that come free with their device were held, not lost.") with
                    {
                        Grounds = [between],
                    };
                    yield break;
                }
            }
        }
    }
}
