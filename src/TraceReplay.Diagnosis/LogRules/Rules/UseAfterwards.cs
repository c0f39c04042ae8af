using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Readings of the use counter after the last refusal: what has come back was no leak; what stays is held or leaked.</summary>
internal static class UseAfterwards
{
    /// <summary>Half of what was in use came back.</summary>
    private const double Fallen = 0.5;

    /// <summary>Nearly all of it stays.</summary>
    private const double Stays = 0.9;

    /// <summary>What came back was demand; a smaller leak may hide in what did not.</summary>
    private const double Likely = 0.6;

    public static LogRule Rule { get; } = new("use-afterwards", "a leaking driver that was unloaded before the reading and gave all back", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.IsShort).ToList();
        var last = lines.Select(l => l.Fact.TimeNs).DefaultIfEmpty(TraceEvent.NoTime).Max();
        var later = log.Facts.Usage.Where(u => u.Kind == log.Kind && u.UsedUnits >= 0 && (u.Moment == UsageMoment.AfterTrace
            || (u.Moment == UsageMoment.Sample && u.TimeNs != TraceEvent.NoTime && last != TraceEvent.NoTime && u.TimeNs > last))).ToList();
        if (lines.Count == 0 || later.Count == 0)
        {
            yield break;
        }

        var (most, least) = (lines.Max(l => l.Used!.Value), later.MinBy(u => u.UsedUnits)!);
        if (least.UsedUnits <= most * Fallen)
        {
            yield return Conclusion.For(Cause.Capacity, Likely, string.Create(CultureInfo.InvariantCulture,
                $"After the last refusal the use fell from {most} to {least.UsedUnits} {Wording.Units(log.Kind)} ({least.Source}): what filled the pool was given back.")) with
            {
                Lines = lines,
            };
        }
        else if (least.UsedUnits >= most * Stays)
        {
            yield return Conclusion.Note(string.Create(CultureInfo.InvariantCulture,
                $"Long after the last refusal {least.UsedUnits} {Wording.Units(log.Kind)} are still in use ({least.Source}): if the devices were idle then, that is held or leaked.")) with
            {
                Lines = lines,
            };
        }
    }
}
