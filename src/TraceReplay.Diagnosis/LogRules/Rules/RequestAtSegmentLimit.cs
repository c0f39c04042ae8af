namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A request just at 256 KiB refused by a nearly empty pool: the offset inside the first slot, or the alignment that the
/// device asks for, makes it one slot too long (spec swiotlb.md 6; kernels 5.12 to 6.9 print the size without the offset).</summary>
internal static class RequestAtSegmentLimit
{
    /// <summary>dma_max_mapping_size() takes min_align_mask off the limit: 252 KiB with NVMe's 4095.</summary>
    private const long LargestAlignment = 4096;

    /// <summary>Above this use, plain lack of an empty segment explains the refusal as well.</summary>
    private const double NearlyEmpty = 0.05;

    /// <summary>Seen twice with NVMe on 64 KiB pages; an allocation in between is the other explanation.</summary>
    private const double Likely = 0.7;

    public static LogRule Rule { get; } = new("request-at-segment-limit",
        "another CPU may have held the segments for the moment of the request", Apply);

    /// <summary>Whether a line asks for a whole segment of a nearly empty pool.</summary>
    public static bool IsAtLimit(FailureLine line) => line.IsSwiotlb && line.HasRoom && line.Used < line.Total * NearlyEmpty
        && line.Fact.Bytes is > FailureLine.SegmentLimitBytes - LargestAlignment and <= FailureLine.SegmentLimitBytes;

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var at = log.Lines.Where(IsAtLimit).ToList();
        if (at.Count > 0)
        {
            yield return Conclusion.For(Cause.SegmentLimit, Likely,
                "The request is as large as a segment of 128 slots, and the pool was nearly empty: with an offset into its first slot, or with the device's alignment, it needs one slot more than a segment has.") with
            {
                Lines = at,
            };
        }
    }
}
