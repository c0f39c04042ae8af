namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>total 0 (slots)</c>: there is no pool (spec swiotlb.md 6).</summary>
internal static class PoolOfNoSlots
{
    /// <summary>The kernel prints the pool's own counter; a restricted pool of a device has at least 128 slots.</summary>
    private const double Certain = 0.97;

    public static LogRule Rule { get; } = new("pool-of-no-slots", "none known", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l is { Total: 0, IsSwiotlb: true }).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.PoolUnavailable, Certain,
                "The line says total 0 (slots): the pool was never set up, so nothing is \"full\". The kernel sets no pool up where no memory lies above 4 GiB at boot, where an IOMMU took over, or with swiotlb=noforce; memory plugged in later does not bring one.") with
            {
                Lines = lines,
            };
        }
    }
}
