using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A request of one IOVA page that fails. Any free page would have served it, so pieces are not the reason; and the space is of
/// 4 GiB at least (a million pages), so that it is full is less likely than that the small object each range needs could not be had in
/// atomic context (spec iommu-pools.md 3.5 and 3.6).</summary>
internal static class IovaOfOnePage
{
    /// <summary>Memory or demand in most reports; a leak of ranges over days ends in the same line.</summary>
    private const double Usual = 0.5;

    private const double NotInPieces = 0.9;

    public static LogRule Rule { get; } = new("iova-of-one-page", "ranges that are never given back fill the space below 4 GiB in the end", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact is { Kind: PoolKind.Iova, Pages: 1 }).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Usual,
                "One page was wanted and not to be had. A space of 4 GiB or more holds a million pages, so more likely than a full space is that the kernel had no memory at that moment for the small object that every range needs; the words are the same.") with
            {
                Lines = lines,
                Doubts = ["Whether memory or addresses ran out: messages of the page allocator or of slab at the same time, or iommu_iova in /proc/slabinfo over time, would tell."],
            };
            yield return Conclusion.Against(Cause.Fragmentation, NotInPieces, "For a single page no run is needed: pieces are not the reason.") with
            {
                Lines = lines,
            };
        }
    }
}
