namespace TraceReplay.Core;

/// <summary>What one source says of a SCSI host (an HBA port as the mid-layer sees it). Null = not said.</summary>
/// <param name="Host">Its number: 3 of <c>host3</c>, <c>scsi3</c>, <c>[3:0:0:1]</c>.</param>
/// <param name="Source">Where it stands.</param>
public sealed record ScsiHostFact(int Host, SourceRef Source) : Fact(Source)
{
    /// <summary>Driver (<c>proc_name</c>, <c>lsscsi -H</c>): <c>lpfc</c>, <c>qla2xxx</c>.</summary>
    public string? Driver { get; init; }

    /// <summary>Version of the driver as it prints it (<c>lpfc_drvr_version</c>, <c>driver_version</c>, <c>version_driver</c>).</summary>
    public string? DriverVersion { get; init; }

    /// <summary>The device that does its DMA (<c>0000:00:05.0</c>).</summary>
    public string? Device { get; init; }

    /// <summary>Model of the adapter (<c>modelname</c>, <c>model_name</c>, <c>board_name</c>).</summary>
    public string? Model { get; init; }

    /// <summary>Most commands in flight on the host (<c>can_queue</c>; Scsi_Host, include/scsi/scsi_host.h).</summary>
    public long? CanQueue { get; init; }

    /// <summary>Commands per LUN at first (<c>cmd_per_lun</c>); 2.4 preallocates by it.</summary>
    public long? CmdPerLun { get; init; }

    /// <summary>Most segments of a command (<c>sg_tablesize</c>).</summary>
    public long? SgTablesize { get; init; }

    /// <summary>The driver's own queue depth per LUN (<c>lpfc_lun_queue_depth</c>).</summary>
    public long? LunQueueDepth { get; init; }

    /// <summary>The driver's own queue depth per host (<c>lpfc_hba_queue_depth</c>).</summary>
    public long? HbaQueueDepth { get; init; }

    /// <summary>The driver's own number of segments per command (<c>lpfc_sg_seg_cnt</c>).</summary>
    public long? SgSegCnt { get; init; }

    /// <summary>Hardware queues (<c>nr_hw_queues</c>).</summary>
    public long? HwQueues { get; init; }

    /// <summary>It can only reach the ISA zone (<c>unchecked_isa_dma</c>).</summary>
    public bool? UncheckedIsaDma { get; init; }

    /// <summary>All further attributes by name, as written.</summary>
    public IReadOnlyDictionary<string, string> More { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>What one source says of a SCSI logical unit on one path. A LUN with four paths is four of these; each is a
/// device of its own with its own queue. Null = not said.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Source">Where it stands.</param>
public sealed record LunPathFact(ScsiAddress Address, SourceRef Source) : Fact(Source)
{
    /// <summary>Peripheral type as lsscsi spells it: <c>disk</c>, <c>tape</c>, <c>cd/dvd</c>, <c>enclosu</c>, <c>process</c>, ….</summary>
    public string? Type { get; init; }

    /// <summary>Vendor (INQUIRY, up to 8 characters), trimmed.</summary>
    public string? Vendor { get; init; }

    /// <summary>Product (INQUIRY, up to 16 characters), trimmed.</summary>
    public string? Model { get; init; }

    /// <summary>Revision (INQUIRY, up to 4 characters), trimmed.</summary>
    public string? Rev { get; init; }

    /// <summary>Block or other upper-level node without <c>/dev/</c>: <c>sda</c>, <c>st0</c>.</summary>
    public string? Node { get; init; }

    /// <summary>Generic node without <c>/dev/</c>: <c>sg0</c>.</summary>
    public string? Sg { get; init; }

    /// <summary>Most commands in flight on this path (<c>queue_depth</c>).</summary>
    public long? QueueDepth { get; init; }

    /// <summary>Size, bytes; rounded as the source rounds it.</summary>
    public long? Bytes { get; init; }

    /// <summary>Identifier that all paths of one LUN share (WWID of multipath, <c>scsi_id</c>).</summary>
    public string? Wwid { get; init; }

    /// <summary>Multipath map the path belongs to (<c>mpatha</c>).</summary>
    public string? Map { get; init; }

    /// <summary>State of its path group in the map: <c>active</c> (in use), <c>enabled</c> (standing by), <c>disabled</c>.</summary>
    public string? GroupState { get; init; }

    /// <summary>State of the path, the words of multipath with blanks: <c>active ready running</c>.</summary>
    public string? PathState { get; init; }
}

/// <summary>A multipath map: one LUN, reached over several paths (the <see cref="LunPathFact"/>s with this
/// <see cref="LunPathFact.Map"/>). Null = not said.</summary>
/// <param name="Map">Its name (<c>mpatha</c>, or the WWID itself).</param>
/// <param name="Source">Where it stands.</param>
public sealed record MultipathMapFact(string Map, SourceRef Source) : Fact(Source)
{
    /// <summary>WWID of the LUN.</summary>
    public string? Wwid { get; init; }

    /// <summary>Device-mapper node: <c>dm-2</c>.</summary>
    public string? Dm { get; init; }

    /// <summary>Vendor, trimmed.</summary>
    public string? Vendor { get; init; }

    /// <summary>Product, trimmed.</summary>
    public string? Model { get; init; }

    /// <summary>Size, bytes; rounded as the source rounds it.</summary>
    public long? Bytes { get; init; }

    /// <summary>Features as written: <c>1 queue_if_no_path</c>.</summary>
    public string? Features { get; init; }

    /// <summary>Path selector as written: <c>round-robin 0</c>.</summary>
    public string? Policy { get; init; }
}

/// <summary>Limits of a block device's request queue (<c>/sys/block/NAME/queue</c>). Null = not said.</summary>
/// <param name="Disk">Its name: <c>sda</c>, <c>nvme0n1</c>, <c>dm-0</c>.</param>
/// <param name="Source">Where it stands.</param>
public sealed record BlockQueueFact(string Disk, SourceRef Source) : Fact(Source)
{
    /// <summary>The device that does its DMA, where the source tells.</summary>
    public string? Device { get; init; }

    /// <summary>Its SCSI address, where the source tells.</summary>
    public ScsiAddress? Address { get; init; }

    /// <summary>Largest request now, KiB (<c>max_sectors_kb</c>).</summary>
    public long? MaxSectorsKb { get; init; }

    /// <summary>Largest request the hardware takes, KiB (<c>max_hw_sectors_kb</c>).</summary>
    public long? MaxHwSectorsKb { get; init; }

    /// <summary>Most segments of a request (<c>max_segments</c>).</summary>
    public long? MaxSegments { get; init; }

    /// <summary>Largest segment, bytes (<c>max_segment_size</c>).</summary>
    public long? MaxSegmentBytes { get; init; }

    /// <summary>Requests that may be allocated (<c>nr_requests</c>).</summary>
    public long? NrRequests { get; init; }

    /// <summary>Most commands in flight on the device (<c>device/queue_depth</c>).</summary>
    public long? QueueDepth { get; init; }
}

/// <summary>A module's parameter. <c>-</c> and <c>_</c> are the same in names of modules and parameters: here always <c>_</c>.</summary>
/// <param name="Module">Module: <c>lpfc</c>.</param>
/// <param name="Parameter">Parameter: <c>lpfc_lun_queue_depth</c>.</param>
/// <param name="Value">Value as written, empty if none.</param>
/// <param name="Origin">What kind of statement it is.</param>
/// <param name="Source">Where it stands.</param>
public sealed record ModuleParameterFact(string Module, string Parameter, string Value, ParameterOrigin Origin, SourceRef Source) : Fact(Source);

/// <summary>What a <see cref="ModuleParameterFact"/> rests on; lower is nearer to what the kernel does.</summary>
public enum ParameterOrigin
{
    /// <summary>Read from the running kernel (<c>/sys/module/M/parameters/P</c>).</summary>
    Running,

    /// <summary>On the kernel command line (<c>M.P=V</c>).</summary>
    CommandLine,

    /// <summary>In a configuration file (<c>options M P=V</c>); takes effect when the module is loaded the next time.</summary>
    Configured,
}

/// <summary>A kernel module that is loaded or described. Null = not said.</summary>
/// <param name="Module">Its name, with <c>_</c>.</param>
/// <param name="Source">Where it stands.</param>
public sealed record KernelModuleFact(string Module, SourceRef Source) : Fact(Source)
{
    /// <summary>Its own version (<c>modinfo</c>, <c>/sys/module/M/version</c>).</summary>
    public string? Version { get; init; }

    /// <summary>Whether the source lists it as loaded.</summary>
    public bool? IsLoaded { get; init; }
}

/// <summary>A region of physical memory or bus addresses (<c>/proc/iomem</c>).</summary>
/// <param name="Start">First address.</param>
/// <param name="End">Address after the last one; 0 = the region ends at the very top.</param>
/// <param name="Depth">How deep it is nested, from 0.</param>
/// <param name="Name">What it is: <c>System RAM</c>, <c>Software IO TLB</c>, a device.</param>
/// <param name="Source">Where it stands.</param>
public sealed record MemoryRegionFact(ulong Start, ulong End, int Depth, string Name, SourceRef Source) : Fact(Source);
