namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Words that say that a bounce was needed and there is no pool (spec swiotlb.md 3).</summary>
internal static class PoolNeverSetUp
{
    /// <summary>The kernel's own statement.</summary>
    private const double Certain = 0.95;

    public static LogRule Rule { get; } = new("pool-never-set-up", "none known", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family is "swiotlb-missing" or "swiotlb-inactive").ToList();
        var boot = log.Of("swiotlb-not-allocated", "swiotlb-gone").ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.PoolUnavailable, Certain,
                "A bounce was needed, and the kernel says that there is no pool: a matter of boot, not of exhaustion; a larger swiotlb= alone does not bring one back."
                + (boot.Count > 0 ? " The boot lines tell why." : string.Empty)) with
            {
                Lines = lines,
                Grounds = boot,
                Doubts = boot.Count > 0 ? [] : ["Why there is none (the memory was not found, an IOMMU took over, swiotlb=noforce, all memory below 4 GiB at boot) is in the boot lines, which are not in this log."],
            };
        }
    }
}
