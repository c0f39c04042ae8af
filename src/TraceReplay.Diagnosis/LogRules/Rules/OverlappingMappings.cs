namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>dma-debug saw the same cache line mapped more than seven times at once (ACTIVE_CACHELINE_MAX_OVERLAP).</summary>
internal static class OverlappingMappings
{
    /// <summary>Either maps are never undone, or one buffer is mapped many times on purpose (one page for many requests).</summary>
    private const double Suspected = 0.5;

    public static LogRule Rule { get; } = new("overlapping-mappings", "a driver that maps one shared page for many requests at once", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family == "dma-debug-overlap" && l.Fact.Text.Contains("exceeded", StringComparison.Ordinal)).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Leak, Suspected,
                "The same memory is mapped more than seven times at the same time: mappings of it are made and not undone, or one buffer is mapped for many requests at once.") with
            {
                Lines = lines,
                Doubts = ["Which driver it is: the call trace behind the line names it."],
            };
        }
    }
}
