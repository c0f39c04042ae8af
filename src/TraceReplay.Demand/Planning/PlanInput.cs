using TraceReplay.Demand.Drivers;
using TraceReplay.Pools;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Demand.Planning;

/// <summary>One SCSI host (adapter) and what could be asked of it.</summary>
public sealed record HostInput
{
    /// <summary>Name for people: <c>host0</c>, or a range of alike hosts.</summary>
    public required string Name { get; init; }

    /// <summary>Its driver, empty if not known.</summary>
    public string Driver { get; init; } = string.Empty;

    /// <summary>LUN paths that end at it: every path of a LUN is a device of its own, with a queue of its own.</summary>
    public required Estimate LunPaths { get; init; }

    /// <summary>Commands that one LUN path may have in flight.</summary>
    public required Estimate QueueDepth { get; init; }

    /// <summary>The depths of all its paths together, where each is known; null = paths times depth.</summary>
    public Estimate? TotalDepth { get; init; }

    /// <summary>Commands that the host may have in flight, null = not known.</summary>
    public Estimate? CanQueue { get; init; }

    /// <summary>Segments of one command.</summary>
    public required Estimate Segments { get; init; }

    /// <summary>Bytes of one segment.</summary>
    public required Estimate SegmentBytes { get; init; }

    /// <summary>Defaults of the driver, null if not known.</summary>
    public DriverDefaults? Defaults { get; init; }
}

/// <summary>The question of a plan.</summary>
public sealed record PlanInput
{
    /// <summary>Kernel version, null = what each pool's spec says.</summary>
    public string? Kernel { get; init; }

    /// <summary>Architecture (<c>i386</c>, <c>x86_64</c>, <c>ppc64</c>, <c>ia64</c>), null = not said.</summary>
    public string? Arch { get; init; }

    /// <summary>The hosts.</summary>
    public required IReadOnlyList<HostInput> Hosts { get; init; }

    /// <summary>The pools they draw from.</summary>
    public required IReadOnlyList<PoolSpec> Pools { get; init; }

    /// <summary>Pools that sources state; what a spec leaves out comes from the one of its kind.</summary>
    public IReadOnlyList<PoolGeometry> KnownPools { get; init; } = [];

    /// <summary>All hosts share one TCE window or IOVA domain; a swiotlb, an aperture and the SCSI pool are always
    /// shared.</summary>
    public bool IsShared { get; init; }

    /// <summary>What was assumed or left out on the way to this question.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
