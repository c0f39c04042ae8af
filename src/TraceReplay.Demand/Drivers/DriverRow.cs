using TraceReplay.Pools;

namespace TraceReplay.Demand.Drivers;

/// <summary>What one driver takes by default in one kernel: a row of <c>drivers.table</c>. Null = the firmware or device
/// decides.</summary>
/// <param name="Driver">Name of the module.</param>
/// <param name="Kernel">Kernel whose source was read.</param>
/// <param name="Version">Version of the driver there, or what else narrows the row.</param>
/// <param name="Segments">Host's sg_tablesize, segments of one command.</param>
/// <param name="QueueDepth">Commands a LUN path may have in flight.</param>
/// <param name="CanQueue">Commands the host may have in flight.</param>
/// <param name="CoherentBytes">Coherent memory the driver keeps for each preallocated command, bytes; 0 = none known.</param>
/// <param name="Depth">The setting of the depth.</param>
/// <param name="HostDepth">The setting of the host's commands.</param>
/// <param name="SegmentCount">The setting of the segments.</param>
/// <param name="Source">Where the row was read.</param>
public sealed record DriverRow(
    string Driver,
    KernelVersion Kernel,
    string Version,
    (long Least, long Most)? Segments,
    (long Least, long Most)? QueueDepth,
    (long Least, long Most)? CanQueue,
    long CoherentBytes,
    DriverSetting Depth,
    DriverSetting HostDepth,
    DriverSetting SegmentCount,
    string Source);

/// <summary>A module parameter.</summary>
/// <param name="Name">Exact spelling, empty if there is none.</param>
/// <param name="Least">Smallest value the driver takes.</param>
/// <param name="Most">Largest value the driver takes.</param>
public readonly record struct DriverSetting(string Name, long Least, long Most)
{
    /// <summary>No such parameter.</summary>
    public static DriverSetting None => new(string.Empty, 1, Estimate.Ceiling);
}
