namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>iommu_alloc_consistent size too large</c>: the kernel refuses a coherent request of order 13 or more before it looks at
/// the table (IOMAP_MAX_ORDER, spec iommu-pools.md 1.4).</summary>
internal static class CoherentTableRequestTooLarge
{
    private const double Certain = 0.95;

    public static LogRule Rule { get; } = new("coherent-table-request-too-large", "none known", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family == "tce-coherent-too-large").ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.SegmentLimit, Certain,
                "The kernel refuses a coherent request of this size before it looks at the table: no size of the window helps.") with
            {
                Lines = lines,
            };
        }
    }
}
