namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>dma-debug ran out of entries (65,536 at first, then as memory allows) and switched itself off.</summary>
internal static class DebugEntriesUsedUp
{
    /// <summary>More mappings lived at once than it can hold; large honest users (graphics) and leaks both get there.</summary>
    private const double Suspected = 0.5;

    public static LogRule Rule { get; } = new("debug-entries-used-up", "a leak uses the entries up as well, only more slowly", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family == "dma-debug-exhausted").ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Suspected,
                "More mappings were alive at the same time than dma-debug has entries for, so it switched itself off: no mapping failed because of that, but from here on the log says nothing about leaks or misuse.") with
            {
                Lines = lines,
                Doubts = ["Whether so many mappings are needed at once or pile up: num_free_entries in /sys/kernel/debug/dma-api over time would tell; dma_debug_entries= raises the number."],
            };
        }
    }
}
