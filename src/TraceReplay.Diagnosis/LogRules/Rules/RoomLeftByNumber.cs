namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The request would have fitted into the free units by number, in a pool far from full: no run was long enough or aligned.</summary>
internal static class RoomLeftByNumber
{
    /// <summary>The counter is read after the search (from 5.12 on without the lock, and summed over areas in 6.0 to 6.4), so room may
    /// have come free in between: one line alone may be such a race.</summary>
    private const double Single = 0.55;

    /// <summary>Several such lines are no race.</summary>
    private const double Repeated = 0.7;

    public static LogRule Rule { get; } = new("room-left-by-number",
        "the use is printed after the search: slots given back in between look like room", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        // A pool that is nearly empty has no pieces to speak of: a request of a whole segment fails in it for its own size.
        var lines = log.Lines.Where(l => l.HasRoom && !RequestAtSegmentLimit.IsAtLimit(l)).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Fragmentation, lines.Count > 1 ? Repeated : Single,
                $"{Wording.Count(FailureLine.Count(lines), "refused request")} would have fitted by number (for example {lines[0].Units} {Wording.Units(log.Kind)} wanted, {lines[0].Free} of {lines[0].Total} free): no free run was long enough or aligned as asked.{Areas(log)}") with
            {
                Lines = lines,
            };
        }
    }

    /// <summary>From 6.0 on every area is tried before a request fails, so that no single area can be to blame (spec swiotlb.md G4).</summary>
    private static string Areas(LogCase log)
    {
        var areas = log.Facts.Geometry.Select(g => g.Areas).FirstOrDefault(a => a is > 1);
        return areas is { } count && log.IsSwiotlb && log.Lines.FirstOrDefault(l => l.Total > 0)?.Total is { } total
            ? $" The kernel tried all {count} areas of {total / count} slots: each of them lacked the run." : string.Empty;
    }
}
