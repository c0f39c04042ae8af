namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Panics and oopses in the log: some drivers stop the kernel when a mapping is refused (spec demand-side.md 2.2); any other
/// crash is not the pool's until something ties it to it.</summary>
internal static class DriverStopsTheKernel
{
    private const long Directly = 40;

    public static LogRule Rule { get; } = new("driver-stops-the-kernel", "a crash that has nothing to do with DMA", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        if (log.Lines.Count == 0)
        {
            yield break;
        }

        var lines = new LineIndex<FailureLine>(log.Lines, l => l.Fact.Source);
        var bugs = log.Of("driver-bug-on-map-failure").Where(m => !lines.Before(m.Source, Directly).IsEmpty).ToList();
        if (bugs.Count > 0)
        {
            yield return Conclusion.Note(
                "The kernel stopped in a driver that asserts that mappings never fail, right behind the refused request: this crash is a consequence of it.") with
            {
                Grounds = [bugs[0]],
            };
            yield break;
        }

        // Where the failing line itself is the panic, the panic is explained by it.
        var failing = log.Lines.Select(l => l.Fact.Source).ToHashSet();
        var panics = log.Of("crash-after-map-failure").Where(m => !failing.Contains(m.Source)).OrderBy(m => m.Source.Line).ToList();
        if (panics.Count > 0 && !log.Lines.Any(l => l.Fact.Family.EndsWith("-panic", StringComparison.Ordinal) || l.Fact.Family is "swiotlb-missing" or "high-address-no-iommu"))
        {
            yield return Conclusion.Note(
                $"The crash in this log (line {panics[0].Source.Line}) is not shown to come from the refused mappings: it is to be looked at as a fault of its own, unless its call trace leads through the driver that was refused.") with
            {
                Grounds = [panics[0]],
            };
        }
    }
}
