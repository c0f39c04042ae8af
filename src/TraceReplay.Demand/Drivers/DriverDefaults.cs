namespace TraceReplay.Demand.Drivers;

/// <summary>Defaults of a driver in one kernel, as bounds where that kernel lies between two that were read.</summary>
/// <param name="Below">Row of the kernel, or of the last one before it.</param>
/// <param name="Above">The same row, or that of the next kernel read.</param>
public sealed record DriverDefaults(DriverRow Below, DriverRow Above)
{
    /// <summary>Commands that lpfc keeps of its host's queue for itself: can_queue is the queue depth less this
    /// (lpfc_fcp.c, 2.4.21 to 2.6.9; spec demand-side.md 2.1).</summary>
    public const int ReservedCommands = 10;

    /// <summary>Name of the module.</summary>
    public string Driver => Below.Driver;

    /// <summary>Segments of one command, null = firmware decides.</summary>
    public Estimate? Segments => Of(row => row.Segments, "sg_tablesize");

    /// <summary>Commands of one LUN path, null = device decides.</summary>
    public Estimate? QueueDepth => Of(row => row.QueueDepth, "queue depth");

    /// <summary>Commands of the host, null = firmware decides.</summary>
    public Estimate? CanQueue => Of(row => row.CanQueue, "can_queue");

    /// <summary>Coherent memory per preallocated command, bytes.</summary>
    public long CoherentBytes => Math.Max(Below.CoherentBytes, Above.CoherentBytes);

    /// <summary>The setting of the depth.</summary>
    public DriverSetting Depth => Below.Depth;

    /// <summary>The setting of the host's commands.</summary>
    public DriverSetting HostDepth => Below.HostDepth;

    /// <summary>The setting of the segments.</summary>
    public DriverSetting SegmentCount => Below.SegmentCount;

    private Estimate? Of(Func<DriverRow, (long Least, long Most)?> value, string what)
    {
        var below = Read(Below, value, what);
        var above = Read(Above, value, what);
        return below is null || above is null ? below ?? above : below.Or(above);
    }

    private static Estimate? Read(DriverRow row, Func<DriverRow, (long Least, long Most)?> value, string what) =>
        value(row) is { } bounds
            ? new Estimate(bounds.Least, bounds.Most, Basis.DriverDefault, $"{what} of {row.Driver} {row.Version}, kernel {row.Kernel}: {row.Source}")
            : null;
}
