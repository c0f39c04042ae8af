using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A CPU is stuck inside the allocator's search: the search never ends (spec swiotlb.md 2, G2, and iommu-pools.md 0.3).</summary>
internal static class LockupInAllocator
{
    /// <summary>The versions whose search can go round for ever.</summary>
    private static readonly (PoolKind Kind, KernelVersion From, KernelVersion To)[] Endless =
    [
        (PoolKind.Swiotlb, new KernelVersion(5, 12), new KernelVersion(6, 2, 99)),
        (PoolKind.Tce, new KernelVersion(2, 6, 17), new KernelVersion(2, 6, 24)),
    ];

    /// <summary>Stable releases from which the search ends (7c3940bf81e5; the known issue swiotlb-livelock).</summary>
    private static readonly KernelVersion[] Mended = [new(6, 1, 23), new(6, 2, 10)];

    /// <summary>Right function, right kernel.</summary>
    private const double KnownBug = 0.9;

    /// <summary>The function alone: a long search with interrupts off on a slow or overloaded (virtual) machine is stuck there too.</summary>
    private const double Suspected = 0.6;

    /// <summary>From 6.3 on the search counts the slots it has looked at and ends (spec swiotlb.md 2, G4b): many CPUs that wait for the
    /// lock of an area, or a long search, look the same.</summary>
    private const double Finite = 0.4;

    private static readonly KernelVersion Counted = new(6, 3);

    private const long MostLines = 80;

    public static LogRule Rule { get; } = new("lockup-in-allocator",
        "a host that does not run its guest, or a very long but finite search", Apply);

    /// <summary>The kind of pool whose search a function belongs to.</summary>
    /// <param name="function">Name of a kernel function.</param>
    /// <returns>The kind, <see cref="PoolKind.Unknown"/> if it is none.</returns>
    public static PoolKind KindOf(string function) => function.TrimStart('.', '_') switch
    {
        var f when f.StartsWith("swiotlb_", StringComparison.Ordinal) => PoolKind.Swiotlb,
        var f when f.StartsWith("iommu_range_alloc", StringComparison.Ordinal) || f.StartsWith("iommu_area_alloc", StringComparison.Ordinal) => PoolKind.Tce,
        _ => PoolKind.Unknown,
    };

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lockups = new LineIndex<LogMessageFact>(log.Of("soft-lockup"), m => m.Source);
        var stuck = log.Of("cpu-at").Where(m => KindOf(m.Function) == log.Kind && !lockups.Before(m.Source, MostLines).IsEmpty).ToList();
        if (stuck.Count > 0)
        {
            var isMended = log.Kernel is { } stable && Array.Exists(Mended, m => (m.Major, m.Minor) == (stable.Major, stable.Minor) && stable.CompareTo(m) >= 0);
            var isKnown = !isMended && log.Kernel is { } kernel && Endless.Any(e => e.Kind == log.Kind && kernel.CompareTo(e.From) >= 0 && kernel.CompareTo(e.To) <= 0);
            var isFinite = log.Kind == PoolKind.Swiotlb && (isMended || (log.Kernel is { } counts && counts.CompareTo(Counted) >= 0));
            var about = isKnown ? ", and this kernel is among those whose search can go round for ever"
                : isFinite ? ", which always ends on this kernel: a long search, or many CPUs that wait for one lock, is likelier than an endless one" : string.Empty;
            yield return Conclusion.For(Cause.Livelock, isKnown ? KnownBug : isFinite ? Finite : Suspected,
                $"A CPU is stuck in {stuck[0].Function}, the pool's own search for a free run{about}: the request is neither served nor refused, so no message about a full pool need appear.") with
            {
                Grounds = [lockups.Before(stuck[0].Source, MostLines)[^1], stuck[0]],
                Lines = [],
            };
        }
    }
}
