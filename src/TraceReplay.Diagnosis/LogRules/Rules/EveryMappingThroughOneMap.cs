using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Machines whose DMA all goes through one I/O map of fixed size, whatever the devices could reach (ia64 and parisc SBA and CCIO,
/// IBM Calgary, sparc, alpha; spec iommu-pools.md 2.7 and 4).</summary>
internal static class EveryMappingThroughOneMap
{
    /// <summary>As with TCE tables before direct windows: demand is the usual cause, a driver's leak the other.</summary>
    private const double Usual = 0.5;

    public static LogRule Rule { get; } = new("every-mapping-through-one-map", "a driver that forgets to unmap fills the map in the end", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Kind is PoolKind.Sba or PoolKind.Calgary
            || l.Fact.Family is "sparc-alloc-failed" or "sparc32-out" or "alpha-out" or "sn-out").ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Usual,
                "On this kind of machine all DMA of all devices goes through one I/O map of fixed size, whatever the devices could reach by themselves; it had no run of entries for this request.") with
            {
                Lines = lines,
            };
        }
    }
}
