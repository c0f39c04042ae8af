namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A pool that grows by itself (CONFIG_SWIOTLB_DYNAMIC) found no memory to do so (spec swiotlb.md 8).</summary>
internal static class DynamicPoolCannotGrow
{
    /// <summary>Demand above the pool is proven by the attempt to grow; a leak would grow it too, until memory is gone.</summary>
    private const double Likely = 0.6;

    public static LogRule Rule { get; } = new("dynamic-pool-cannot-grow", "a leak makes a dynamic pool grow until memory is gone", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var beyond = log.Lines.Where(l => l.Used > l.Total).ToList();
        var refused = log.Of("swiotlb-grow-failed").ToList();
        if (beyond.Count > 0)
        {
            yield return Conclusion.Note(
                "Use above the total is normal here: a pool that grows by itself counts the slots of its transient pools in use, but not in the total.");
        }

        var lines = log.Lines.Where(l => l.IsShort).ToList();
        if (refused.Count > 0 && lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Likely,
                "The pool grows by itself, and the kernel found no memory to add to it: demand was above what the machine could give below the device's DMA mask.") with
            {
                Lines = lines,
                Grounds = [.. refused.Take(1)],
            };
        }
    }
}
