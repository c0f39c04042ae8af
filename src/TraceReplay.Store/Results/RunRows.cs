using TraceReplay.Core;

namespace TraceReplay.Store;

/// <summary>A pool that was replayed or that a log speaks of: table <c>pool</c>. Null = not known.</summary>
public sealed record PoolRow
{
    /// <summary><c>pool.id</c>; set by the reader, ignored by the writer.</summary>
    public long Id { get; init; }

    /// <summary>Kind of pool.</summary>
    public required PoolKind Kind { get; init; }

    /// <summary>Model name (<c>swiotlb-6.1.192</c>).</summary>
    public string? Model { get; init; }

    /// <summary>Bytes of a unit.</summary>
    public long? UnitBytes { get; init; }

    /// <summary>Units in the pool.</summary>
    public long? Units { get; init; }

    /// <summary>Areas or sub-pools.</summary>
    public int? Areas { get; init; }

    /// <summary>The whole geometry as a JSON object.</summary>
    public string? GeometryJson { get; init; }

    /// <summary>How the geometry is known, null if there is none.</summary>
    public GeometryOrigin? GeometryFrom { get; init; }
}

/// <summary>One replay through one model: table <c>run</c>. Null = not known.</summary>
public sealed record RunRow
{
    /// <summary><c>run.id</c>; set by the reader, ignored by the writer.</summary>
    public long Id { get; init; }

    /// <summary><c>pool.id</c>.</summary>
    public required long PoolId { get; init; }

    /// <summary>Pool spec as given or derived.</summary>
    public string? Spec { get; init; }

    /// <summary>What-if spec; null = as it happened.</summary>
    public string? WhatIf { get; init; }

    /// <summary>Capacity of the pool that was replayed, units: a what-if may change it.</summary>
    public long? Units { get; init; }

    /// <summary>Areas of the pool that was replayed.</summary>
    public int? Areas { get; init; }

    /// <summary>The case whose events were replayed, null = the database holds one case only.</summary>
    public string? CaseName { get; init; }

    /// <summary>Operations replayed.</summary>
    public long? Events { get; init; }

    /// <summary>Failed mappings.</summary>
    public long? Failures { get; init; }

    /// <summary>Highest use, units.</summary>
    public long? PeakUsedUnits { get; init; }

    /// <summary>When, nanoseconds of the source's clock.</summary>
    public long? PeakTimeNs { get; init; }

    /// <summary>Allocations whose slot the trace shows.</summary>
    public long? FidelityCompared { get; init; }

    /// <summary>Of those, allocations to which the model gave the same slot.</summary>
    public long? FidelityEqual { get; init; }
}

/// <summary>One mapping of a run: table <c>mapping</c>. A plain struct, a run may have millions.</summary>
public readonly record struct MappingRow
{
    /// <summary>Creates a mapping of which nothing is known.</summary>
    public MappingRow()
    {
    }

    /// <summary><c>event.id</c> of the mapping, 0 = held before the trace began.</summary>
    public long MapEventId { get; init; }

    /// <summary><c>event.id</c> of the release, 0 = never given back.</summary>
    public long UnmapEventId { get; init; }

    /// <summary><c>device.id</c>, see <see cref="ResultWriter.DeviceId"/>; 0 = not known.</summary>
    public long DeviceId { get; init; }

    /// <summary>First unit, -1 = not known.</summary>
    public long FirstUnit { get; init; } = -1;

    /// <summary>Units taken.</summary>
    public long Units { get; init; }

    /// <summary>Bytes asked for.</summary>
    public long Bytes { get; init; }

    /// <summary>When it was mapped, <see cref="TraceEvent.NoTime"/> if not known.</summary>
    public long MapTimeNs { get; init; } = TraceEvent.NoTime;

    /// <summary>When it was given back, <see cref="TraceEvent.NoTime"/> if never or not known.</summary>
    public long UnmapTimeNs { get; init; } = TraceEvent.NoTime;
}

/// <summary>One failed mapping: table <c>failure</c>. Failures of logs are stored with their source; the writer of results
/// takes those of replays. Null = not known.</summary>
public sealed record FailureRow
{
    /// <summary><c>failure.id</c>; set by the reader, ignored by the writer.</summary>
    public long Id { get; init; }

    /// <summary><c>run.id</c>, null where it was read from a log.</summary>
    public long? RunId { get; init; }

    /// <summary><c>source.id</c>.</summary>
    public long? SourceId { get; init; }

    /// <summary>Line of the source.</summary>
    public long? Line { get; init; }

    /// <summary>When, nanoseconds.</summary>
    public long? TimeNs { get; init; }

    /// <summary>Kind of pool.</summary>
    public PoolKind PoolKind { get; init; }

    /// <summary>Message family, for failures of logs.</summary>
    public string? Family { get; init; }

    /// <summary>Device that asked.</summary>
    public string? Device { get; init; }

    /// <summary>Its driver.</summary>
    public string? Driver { get; init; }

    /// <summary>Bytes asked for.</summary>
    public long? Bytes { get; init; }

    /// <summary>Pages or entries asked for.</summary>
    public long? Pages { get; init; }

    /// <summary>Units in the pool.</summary>
    public long? TotalUnits { get; init; }

    /// <summary>Units in use.</summary>
    public long? UsedUnits { get; init; }

    /// <summary>Units free.</summary>
    public long? FreeUnits { get; init; }

    /// <summary>Longest run of free units.</summary>
    public long? LargestFreeRun { get; init; }

    /// <summary>Cause of this failure, as the contract spells it.</summary>
    public string? Reason { get; init; }
}

/// <summary>A slice of the pool's use over time: table <c>occupancy</c>.</summary>
/// <param name="TimeNs">Start of the slice.</param>
/// <param name="UsedUnits">Peak in the slice.</param>
/// <param name="LargestFreeRun">Least in the slice, units; null = not known.</param>
/// <param name="Failures">Failed mappings in the slice.</param>
public readonly record struct OccupancyRow(long TimeNs, long UsedUnits, long? LargestFreeRun, int Failures);
