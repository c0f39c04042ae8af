namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A short pool whose use falls from line to line, with a floor that does not rise: demand that comes back down.</summary>
internal static class UseComesBackDown
{
    private const int EnoughLines = 4;

    /// <summary>A fall must be of more than one request and of more than 3 % of the pool; one request given back is seen beside a leak too
    /// (capture 05: falls of 0.7 % while another device leaks).</summary>
    private const double LeastFall = 0.03;

    /// <summary>With fewer lines only a large fall counts.</summary>
    private const double LargeFall = 0.1;

    /// <summary>A floor that rises by more is a growing holding.</summary>
    private const double MostFloorRise = 0.02;

    /// <summary>What falls was given back, so that is no leak; a leak beside a busy device can hide in it.</summary>
    private const double Likely = 0.7;

    /// <summary>A quarter of the pool was given back: whatever leaks, demand alone is able to fill what is left.</summary>
    private const double VeryLikely = 0.8;

    public static LogRule Rule { get; } = new("use-comes-back-down",
        "a leak beside a busy device: the busy one's mappings fall and rise on top of what has leaked", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log) =>
        log.Series().Where(Falls).Select(s => Conclusion.For(Cause.Capacity,
            s.LargestFall * 4 >= s.Total ? VeryLikely : Likely,
            $"The use rises and falls between the lines ({s.Range.Least} to {s.Range.Most} of {s.Total} {Wording.Units(log.Kind)}): what is mapped is given back again, so demand at its height is more than the pool has.") with
        {
            Lines = [.. s.Lines.Where(l => l.IsShort)],
        });

    private static bool Falls(UseSeries series)
    {
        var least = Math.Max(series.LargestRequest, series.Total * (series.Lines.Count >= EnoughLines ? LeastFall : LargeFall));
        var isFloorSteady = series.Lines.Count < EnoughLines || series.FloorRise <= series.Total * MostFloorRise;
        return series.Lines.Any(l => l.IsShort) && series.LargestFall > least && isFloorSteady;
    }
}
