namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A coherent allocation failed in the page allocator and then in the pool (4.9 to 4.19, spec swiotlb.md 3). Its size is not
/// bound to the segments in the page allocator, so that one line does not tell which of the two was at its limit.</summary>
internal static class CoherentAllocation
{
    public static LogRule Rule { get; } = new("coherent-allocation", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family == "swiotlb-coherent").ToList();
        if (lines.Count == 0)
        {
            yield break;
        }

        var isLarge = lines.Any(l => l.Fact.Bytes > FailureLine.SegmentLimitBytes);
        yield return Conclusion.Note(
            "A coherent allocation comes from the page allocator, and only if that has no such run of pages from the pool; both failed."
            + (isLarge ? " Above 256 KiB the pool can never give it, so what was missing is a free run of pages in memory that the device reaches: a larger swiotlb= does not help, whatever its size." : string.Empty)) with
        {
            Lines = lines,
            Doubts = ["Whether memory below the device's coherent mask was used up or only broken into small pieces: /proc/buddyinfo at that moment would tell."],
        };
    }
}
