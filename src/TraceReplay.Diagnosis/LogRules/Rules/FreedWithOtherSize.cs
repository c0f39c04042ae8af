namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>dma-debug saw a driver unmap less than it mapped. Pools that free what the caller names (TCE, GART, IOVA; swiotlb up to 5.13)
/// lose the difference for good (spec swiotlb.md 2, iommu-pools.md 6.4).</summary>
internal static class FreedWithOtherSize
{
    private const double Likely = 0.7;

    public static LogRule Rule { get; } = new("freed-with-other-size", "swiotlb from 5.14 on frees what it remembers, whatever the driver says", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family == "dma-debug-error" && l.Fact.Text.Contains("different size", StringComparison.Ordinal)).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Leak, Likely,
                "A driver unmaps another size than it mapped: where it is less, the rest is never given back and is lost with every such request.") with
            {
                Lines = lines,
            };
        }
    }
}
