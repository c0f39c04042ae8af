namespace TraceReplay.Pools.Tce;

/// <summary>One sub-pool of a TCE table from 3.6 on (<c>struct iommu_pool</c>).</summary>
internal sealed class TcePool
{
    /// <summary>First entry.</summary>
    public required int Start { get; init; }

    /// <summary>Entry after the last.</summary>
    public required int End { get; init; }

    /// <summary>Where the next search begins; may lie at the end or beyond.</summary>
    public required long Hint { get; set; }

    /// <summary>Entries in use.</summary>
    public long Used { get; set; }
}
