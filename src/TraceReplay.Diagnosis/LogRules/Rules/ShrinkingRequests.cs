using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>One device's refused sizes shrink within a moment: its driver tries again with less. The lines are then fewer requests than
/// lines.</summary>
internal static class ShrinkingRequests
{
    private const int LeastSteps = 3;
    private const long MomentNs = 1_000_000_000;

    public static LogRule Rule { get; } = new("shrinking-requests", "unrelated requests may shrink by chance", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        foreach (var device in log.Lines.Where(l => l.Units is not null && l.Fact.Device.Length > 0).GroupBy(l => (l.Fact.Device, l.Boot)))
        {
            var lines = device.ToList();
            var start = 0;
            for (var i = 1; i <= lines.Count; i++)
            {
                if (i < lines.Count && lines[i].Units < lines[i - 1].Units && lines[i].Stretch == lines[i - 1].Stretch && IsMoment(lines[start], lines[i]))
                {
                    continue;
                }

                if (i - start >= LeastSteps)
                {
                    yield return Conclusion.Note(
                        $"The sizes that {Wording.Device(device.Key.Device, lines[start].Fact.Driver)} was refused shrink from {lines[start].Units} to {lines[i - 1].Units} {Wording.Units(log.Kind)} within a moment: its driver tries again with less, so these {i - start} lines are attempts at one transfer.") with
                    {
                        Lines = lines[start..i],
                    };
                    yield break;
                }

                start = i;
            }
        }
    }

    private static bool IsMoment(FailureLine from, FailureLine to) => from.Fact.TimeNs == TraceEvent.NoTime
        || to.Fact.TimeNs - from.Fact.TimeNs <= MomentNs;
}
