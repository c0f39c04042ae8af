using System.Globalization;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The use grows over the lines of one boot to the top and stays there although requests keep being refused: nothing is given
/// back any more.</summary>
internal static class UseGrowsAndStays
{
    private const int EnoughLines = 5;
    private const double LeastGrowth = 0.03;
    private const double SecondsAtTop = 5;

    /// <summary>Rings, pinned buffers and page pools grow to a plateau in the same way; an idle proof would decide.</summary>
    private const double Suspected = 0.55;

    public static LogRule Rule { get; } = new("use-grows-and-stays",
        "a driver that fills large rings or pins buffers for long also grows and then holds", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log) => log.Series().Where(Stays).Select(s => Conclusion.For(
        Cause.Leak, Suspected, string.Create(CultureInfo.InvariantCulture,
            $"Over the lines of one boot the use only grows (from {s.Range.Least} to {s.Range.Most} of {s.Total} {Wording.Units(log.Kind)}) and then stays at the top for {s.SecondsAtTop:F0} s without giving back even one request: mappings are made that never end. Those who asked last are not thereby those who hold.")) with
    {
        Lines = [.. s.Lines.Where(l => l.IsShort)],
        Doubts = ["Whether what stays was forgotten (a leak) or is held on purpose: use that stays while all devices are idle would tell."],
    });

    private static bool Stays(UseSeries s) => s.Lines.Count >= EnoughLines && s.Lines.Any(l => l.IsShort)
        && s.Range.Most - s.Lines[0].Used >= s.Total * LeastGrowth && s.FloorRise >= s.Total * LeastGrowth
        && s.LargestFall <= Math.Max(s.LargestRequest, s.Total * LeastGrowth) && s.SecondsAtTop >= SecondsAtTop;
}
