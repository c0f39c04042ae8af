using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>A line that states a refused request, with the numbers derived from it.</summary>
/// <param name="Fact">The message.</param>
/// <param name="Boot">Which boot of the machine it belongs to, from 0; growth is never read across boots.</param>
public sealed record FailureLine(LogMessageFact Fact, int Boot)
{
    /// <summary>Most bytes of one mapping in the software IO TLB: 128 slots of 2 KiB (IO_TLB_SEGSIZE, kernel/dma/swiotlb.c, since 2.4.19).</summary>
    public const long SegmentLimitBytes = 262_144;

    private const long PageBytes = 4096;

    /// <summary>No pool has so many units, and none is asked for so many: a number beyond it is damage, not a measurement.</summary>
    private const long Credible = 1L << 40;

    /// <summary>From this fill on, the free rest is the layout loss that every pool has under load (see <see cref="FailureCauseRule"/>
    /// for swiotlb). A table of single pages loses less: 4.7 % to blocks of 16 entries at 15 pages each, spec iommu-pools.md 1.3.</summary>
    private double NearlyFull => IsSwiotlb ? 0.8 : 0.9;

    /// <summary>How many lines it stands for, itself included: more than 1 where a long log is not kept whole.</summary>
    public long Occurrences { get; init; } = 1;

    /// <summary>Lines of one stretch follow each other without one left out between them.</summary>
    public int Stretch { get; init; }

    /// <summary>Pauses in the unnumbered lines of its device up to here, where the log is not kept whole: the difference of two lines
    /// is the number of pauses between them.</summary>
    public long PausesBefore { get; init; }

    /// <summary>Units in the pool at that moment, null if not told.</summary>
    public long? Total { get; init; } = Fact.TotalUnits;

    /// <summary>Units in use at that moment, null if not told.</summary>
    public long? Used { get; init; } = Fact.UsedUnits;

    /// <summary>Whether the pool is a software IO TLB.</summary>
    public bool IsSwiotlb => Fact.Kind is PoolKind.Swiotlb or PoolKind.SwiotlbXen;

    /// <summary>Units asked for, null if not told.</summary>
    public long? Units => IsSwiotlb
        ? Divide(Fact.Bytes, GeometryChoice.SlotBytes)
        : Fact.Pages is > 0 and < Credible ? Fact.Pages : Divide(Fact.Bytes, PageBytes);

    /// <summary>Units free, never below 0 (a growing pool counts transient slots in use, but not in its total).</summary>
    public long? Free => Total - Used is { } free ? Math.Max(0, free) : null;

    /// <summary>Whether size of the pool, use and request are all told, and there is a pool.</summary>
    public bool IsNumbered => Total is > 0 and < Credible && Used is >= 0 and < Credible && Units is not null;

    /// <summary>The request is larger than one mapping in the software IO TLB can ever be. A coherent request is not bound by it: its
    /// pages come from the page allocator first.</summary>
    public bool IsAboveSegmentLimit => Fact.Bytes > SegmentLimitBytes && IsSwiotlb
        && (Fact.Family is "swiotlb-full" or "sw-iommu-out" || Fact.Text.Contains(" of DMA mask ", StringComparison.Ordinal));

    /// <summary>The pool was short: less free than asked for, or so full that the rest is layout loss.</summary>
    public bool IsShort => IsNumbered && !IsAboveSegmentLimit && (Units > Free || Used >= Total * NearlyFull);

    /// <summary>Enough was free by number, in a pool that was far from full.</summary>
    public bool HasRoom => IsNumbered && !IsAboveSegmentLimit && !IsShort;

    /// <summary>How many lines some lines stand for.</summary>
    /// <param name="lines">Lines.</param>
    /// <returns>Their number in the log.</returns>
    public static long Count(IEnumerable<FailureLine> lines) => lines.Sum(l => l.Occurrences);

    private static long? Divide(long? bytes, long unit) => bytes is { } size and > 0 ? ((size - 1) / unit) + 1 : null;
}
