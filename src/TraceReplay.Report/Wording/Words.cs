using TraceReplay.Core;
using TraceReplay.Diagnosis;

namespace TraceReplay.Report.Wording;

/// <summary>The field's words for pools, units and causes.</summary>
public static class Words
{
    /// <summary>The word for the units of a pool.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="count">How many, for singular and plural.</param>
    /// <returns>One word or two.</returns>
    public static string Unit(PoolKind kind, long count)
    {
        var one = count == 1;
        return kind switch
        {
            PoolKind.Swiotlb or PoolKind.SwiotlbXen => one ? "slot" : "slots",
            PoolKind.Tce or PoolKind.Calgary or PoolKind.DmaDebug => one ? "entry" : "entries",
            PoolKind.Gart or PoolKind.Sba or PoolKind.Coherent or PoolKind.Cma => one ? "page" : "pages",
            PoolKind.Iova => one ? "page frame" : "page frames",
            PoolKind.ScsiDma => one ? "sector" : "sectors",
            _ => one ? "unit" : "units",
        };
    }

    /// <summary>A count with its word.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="count">How many.</param>
    /// <returns>For example <c>2048 slots</c>.</returns>
    public static string Units(PoolKind kind, long count) => $"{Amounts.Count(count)} {Unit(kind, count)}";

    /// <summary>What a pool is called in running text.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <returns>A noun phrase without an article.</returns>
    public static string Pool(PoolKind kind) => kind switch
    {
        PoolKind.Swiotlb => "swiotlb bounce-buffer pool",
        PoolKind.SwiotlbXen => "swiotlb bounce-buffer pool (Xen)",
        PoolKind.Tce => "TCE table",
        PoolKind.Gart => "GART aperture",
        PoolKind.Calgary => "Calgary TCE table",
        PoolKind.Iova => "IOVA space",
        PoolKind.Sba => "SBA I/O pdir",
        PoolKind.Coherent => "coherent pool",
        PoolKind.Cma => "CMA area",
        PoolKind.DmaDebug => "dma-debug entry pool",
        PoolKind.ScsiDma => "SCSI DMA pool",
        PoolKind.Driver => "DMA pool behind a driver's message",
        _ => "DMA pool",
    };

    /// <summary>How a remedy is known.</summary>
    /// <param name="remedy">The remedy.</param>
    /// <returns>A phrase without parentheses.</returns>
    public static string Standing(Remedy remedy)
    {
        ArgumentNullException.ThrowIfNull(remedy);
        var standing = remedy switch
        {
            { Kind: "useless" } => "does not help",
            { Proven: true } => "proven by replay",
            { Basis: "computed" } => "computed, not replayed",
            _ => "experience, not replayed",
        };
        return remedy.FailuresAfter switch
        {
            { } after => standing + (after == 0 ? ", no failure left" : $", {Plural(after, "failure")} left"),
            null => standing,
        };
    }

    /// <summary>What a cause means, as one sentence for someone who has never met it.</summary>
    /// <param name="cause">The cause.</param>
    /// <returns>A sentence without its full stop.</returns>
    public static string Meaning(Cause cause) => cause switch
    {
        Cause.Capacity => "demand that comes back down, but peaks above the pool",
        Cause.Leak => "mappings that are never given back fill the pool",
        Cause.Fragmentation => "enough is free, but no free run is long enough",
        Cause.SegmentLimit => "one mapping is larger than the pool can ever serve, however much is free",
        Cause.AreaExhaustion => "what is free lies in areas that this request could not use",
        Cause.MaskLimit => "the pool, or its free part, lies where the device cannot reach",
        Cause.NeedlessBounce => "mappings that the device could reach directly took the pool",
        Cause.Preallocation => "maps are held for commands that are not in flight",
        Cause.PoolUnavailable => "the pool was never set up, or is disabled",
        Cause.Livelock => "the kernel's own search never ends for this request",
        _ => "the evidence does not tell",
    };

    /// <summary>How sure a confidence is, in words.</summary>
    /// <param name="confidence">0 to 1.</param>
    /// <returns>An adjective.</returns>
    public static string Confidence(double confidence) => confidence switch
    {
        >= 0.9 => "high",
        >= 0.6 => "fair",
        >= 0.3 => "low",
        _ => "very low",
    };

    /// <summary>"1 failure", "206 failures".</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The noun in singular.</param>
    /// <param name="many">The noun in plural; singular with an s if not given.</param>
    /// <returns>Count and noun.</returns>
    public static string Plural(long count, string one, string? many = null) =>
        $"{Amounts.Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    /// <summary>Where the geometry of a pool is known from.</summary>
    /// <param name="origin">The origin.</param>
    /// <returns>The contract's spelling.</returns>
    public static string Origin(GeometryOrigin origin) => origin switch
    {
        GeometryOrigin.Option => "option",
        GeometryOrigin.Trace => "trace",
        GeometryOrigin.Log => "log",
        _ => "default",
    };
}
