using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>The fact tables of machine inventories, and how their rows become records. Columns count from 4: id, source_id,
/// line and path stand before them.</summary>
internal static class InventoryTables
{
    public static readonly (string Table, string Columns, Func<Statement, SourceRef, Fact> Make)[] All =
    [
        ("scsi_host",
            "host, driver, driver_version, device, model, can_queue, cmd_per_lun, sg_tablesize, lun_queue_depth, hba_queue_depth, "
            + "sg_seg_cnt, hw_queues, unchecked_isa_dma, more", Host),
        ("lun_path",
            "host, channel, target, lun, type, vendor, model, rev, node, sg, queue_depth, bytes, wwid, map, group_state, path_state",
            LunPath),
        ("multipath_map", "map, wwid, dm, vendor, model, bytes, features, policy", Map),
        ("block_queue",
            "disk, device, address, max_sectors_kb, max_hw_sectors_kb, max_segments, max_segment_bytes, nr_requests, queue_depth",
            BlockQueue),
        ("module_parameter", "module, parameter, value, origin", (r, at) =>
            new ModuleParameterFact(r.Text(4), r.Text(5), r.Text(6), EnumText.ParameterOrigin(r.Text(7)), at)),
        ("kernel_module", "module, version, is_loaded", (r, at) =>
            new KernelModuleFact(r.Text(4), at) { Version = r.NullableText(5), IsLoaded = r.NullableBool(6) }),
        ("memory_region", "start_addr, end_addr, depth, name", (r, at) =>
            new MemoryRegionFact((ulong)r.Int64(4), (ulong)r.Int64(5), (int)r.Int64(6), r.Text(7), at)),
    ];

    private static ScsiHostFact Host(Statement r, SourceRef at) => new((int)r.Int64(4), at)
    {
        Driver = r.NullableText(5),
        DriverVersion = r.NullableText(6),
        Device = r.NullableText(7),
        Model = r.NullableText(8),
        CanQueue = r.NullableInt64(9),
        CmdPerLun = r.NullableInt64(10),
        SgTablesize = r.NullableInt64(11),
        LunQueueDepth = r.NullableInt64(12),
        HbaQueueDepth = r.NullableInt64(13),
        SgSegCnt = r.NullableInt64(14),
        HwQueues = r.NullableInt64(15),
        UncheckedIsaDma = r.NullableBool(16),
        More = FactReader.Json<string>(r, 17),
    };

    private static LunPathFact LunPath(Statement r, SourceRef at) =>
        new(new ScsiAddress((int)r.Int64(4), (int)r.Int64(5), (int)r.Int64(6), (ulong)r.Int64(7)), at)
        {
            Type = r.NullableText(8),
            Vendor = r.NullableText(9),
            Model = r.NullableText(10),
            Rev = r.NullableText(11),
            Node = r.NullableText(12),
            Sg = r.NullableText(13),
            QueueDepth = r.NullableInt64(14),
            Bytes = r.NullableInt64(15),
            Wwid = r.NullableText(16),
            Map = r.NullableText(17),
            GroupState = r.NullableText(18),
            PathState = r.NullableText(19),
        };

    private static MultipathMapFact Map(Statement r, SourceRef at) => new(r.Text(4), at)
    {
        Wwid = r.NullableText(5),
        Dm = r.NullableText(6),
        Vendor = r.NullableText(7),
        Model = r.NullableText(8),
        Bytes = r.NullableInt64(9),
        Features = r.NullableText(10),
        Policy = r.NullableText(11),
    };

    private static BlockQueueFact BlockQueue(Statement r, SourceRef at) => new(r.Text(4), at)
    {
        Device = r.NullableText(5),
        Address = ScsiAddress.TryParse(r.Text(6), out var address) ? address : null,
        MaxSectorsKb = r.NullableInt64(7),
        MaxHwSectorsKb = r.NullableInt64(8),
        MaxSegments = r.NullableInt64(9),
        MaxSegmentBytes = r.NullableInt64(10),
        NrRequests = r.NullableInt64(11),
        QueueDepth = r.NullableInt64(12),
    };
}
