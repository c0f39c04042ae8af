using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Several devices are refused within seconds: the pool as a whole is short, and who holds it need be none of them.</summary>
internal static class ManyReporters
{
    private const long SecondsNs = 10_000_000_000;

    public static LogRule Rule { get; } = new("many-reporters", "two devices may each ask for something that can never fit", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Device.Length > 0 && !l.IsAboveSegmentLimit && !l.HasRoom).Select(l => (l.Fact, l.Boot))
            .Concat(log.Lines.Count > 0 ? log.Messages.DriverLines.Where(m => m.Device.Length > 0).Select(m => (Fact: m, log.Lines[0].Boot)) : [])
            .OrderBy(l => l.Boot).ThenBy(l => l.Fact.TimeNs).ToList();
        var (at, to) = lines.Zip(lines.Skip(1)).FirstOrDefault(p => p.First.Fact.Device != p.Second.Fact.Device && p.First.Boot == p.Second.Boot
            && (p.First.Fact.TimeNs == TraceEvent.NoTime || p.Second.Fact.TimeNs - p.First.Fact.TimeNs <= SecondsNs));
        if (at.Fact is not null)
        {
            var devices = lines.Select(l => l.Fact.Device).Distinct(StringComparer.Ordinal).ToList();
            yield return Conclusion.Note(
                $"{(log.Facts.Messages.IsThinned ? "At least " : string.Empty)}{devices.Count} devices are refused within seconds ({string.Join(", ", devices.Take(3))}{(devices.Count > 3 ? ", …" : string.Empty)}): the pool as a whole is short. Whoever holds it may be one of them or a device that no line names.") with
            {
                Grounds = [to.Fact],
            };
        }
    }
}
