using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The kernel itself was out of memory at that time: an IOVA range needs a small object of its own, whose allocation fails in the
/// same words as a full address space.</summary>
internal static class KernelMemoryExhausted
{
    /// <summary>Memory was exhausted for certain; that the space was not is the likelier reading for requests of a few pages.</summary>
    private const double Likely = 0.6;

    public static LogRule Rule { get; } = new("kernel-memory-exhausted", "both may be exhausted: a leak of mappings uses up memory too", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var signs = log.Of("memory-exhausted").Concat(log.Of("callbacks-suppressed").Where(m => m.Function is "slab_out_of_memory" or "warn_alloc" or "warn_alloc_failed")).ToList();
        var lines = log.Lines.Where(l => l.Fact.Kind == PoolKind.Iova).ToList();
        if (signs.Count > 0 && lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Likely,
                "The kernel was out of memory at the same time. An IOVA range needs a small object of kernel memory, and failing to get one is reported in the same words as a full address space: it is probably memory that ran out, not the IOVA space.") with
            {
                Lines = lines,
                Grounds = [.. signs.Take(2)],
            };
        }
    }
}
