using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A coherent request that may not sleep comes from a small atomic pool (128 KiB per GiB of memory, spec iommu-pools.md 6.1).</summary>
internal static class AtomicPoolEmpty
{
    /// <summary>The pool is small by design and sized at boot, so demand is the usual cause; drivers that ask without need (GFP_ATOMIC in
    /// dmapool before 3.8) or never give back make it worse.</summary>
    private const double Usual = 0.6;

    private const double Certain = 0.9;

    public static LogRule Rule { get; } = new("atomic-pool-empty", "a driver that keeps coherent memory it no longer needs", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family == "atomic-pool-exhausted").ToList();
        var missing = log.Of("atomic-pool-missing").ToList();
        var isThere = lines.Any(l => l.Fact.Fields.ContainsKey("kib")) || log.Facts.Geometry.Any(g => g is { Kind: PoolKind.Coherent, Units: > 0 });
        if (lines.Count > 0 && missing.Count > 0 && isThere)
        {
            yield return Conclusion.For(Cause.Capacity, Usual,
                "One of the atomic pools could not be set up at boot (there is one for each zone from 5.8 on), and the one that there is had no room for this request: whether the missing one would have served it depends on the device's mask.") with
            {
                Lines = lines,
                Grounds = missing,
            };
        }
        else if (lines.Count > 0 && missing.Count > 0)
        {
            yield return Conclusion.For(Cause.PoolUnavailable, Certain, "The boot could not set the atomic pool up, so every request that may not sleep fails.") with
            {
                Lines = lines,
                Grounds = missing,
            };
        }
        else if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Usual,
                "Coherent requests that may not sleep come from a small pool set up at boot, and it had no room for this one: what is asked of it in this way is more than it has.") with
            {
                Lines = lines,
                Doubts = ["Whether the driver needs its memory in atomic context at all, and whether it gives it back; raising coherent_pool= may only delay the end."],
            };
        }
    }
}
