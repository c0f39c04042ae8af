using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Formats beside trace text and kernel log text.</summary>
public class OtherFormatTests
{
    [Fact]
    public void Canonical_csv_gives_events_and_facts()
    {
        var sink = Reading.Fixtures("dma-csv.every_operation.csv");

        Assert.Equal(
            [EventKind.Map, EventKind.Unmap, EventKind.Map, EventKind.Map, EventKind.Map, EventKind.Unmap, EventKind.Unmap, EventKind.Lost],
            sink.Events.Select(e => e.Kind));
        Assert.Equal((TraceEvent.MappingError, 65536L, (byte)1), (sink.Events[2].DmaAddr, sink.Events[2].Bytes, sink.Events[2].Direction));
        Assert.Equal((0x5dc31000UL, 0x5d568000UL, 4096L), (sink.Events[4].DmaAddr, sink.Events[4].PhysAddr, sink.Events[4].Bytes));
        Assert.Equal((32768L, 8), (sink.Of<PoolGeometryFact>().Single().Units, sink.Of<PoolGeometryFact>().Single().Areas));
        Assert.Equal(512L, sink.Of<UsageFact>().Single().UsedUnits);
        Assert.Equal(ClockDomain.Mono, sink.Sources[0].Clock);
    }

    private const string PoolHead = "# pool=tce units=4096 unit_bytes=4096 base=0x10000000\ntime_ns,op,device,driver,size,id,dma_addr,phys_addr,sg,result,lun,pool\n";

    [Fact]
    public void Canonical_csv_rows_of_a_pool_are_what_its_allocator_did()
    {
        var sink = Reading.Text(PoolHead
            + "1,map_sg,0000:01:00.0,lpfc,,7,,,0x5000:4096:0x10003000;0x9000:8192:0x10004000,ok,0:0:0:9,tce\n2,unmap_sg,0000:01:00.0,lpfc,,7,,,,,0:0:0:9,tce\n", "x.csv");

        Assert.Equal([EventKind.PoolMapped, EventKind.PoolMapped, EventKind.PoolUnmap, EventKind.PoolUnmap], sink.Events.Select(e => e.Kind));
        Assert.Equal([(3UL, 1L, 0L), (4UL, 2L, 1L), (3UL, 1L, 0L), (4UL, 2L, 1L)], sink.Events.Select(e => (e.DmaAddr, e.Units, e.Arg)));
        Assert.All(sink.Events, e => Assert.Equal("0:0:0:9", sink.Text(e.ConsumerId)));
        Assert.Equal((4096L, 0x10000000UL), (sink.Of<PoolGeometryFact>().Single().Units, sink.Of<PoolGeometryFact>().Single().Base));
        Assert.Equal("lpfc", Assert.Single(sink.Of<DeviceFact>()).Driver);
    }

    // Memory that is kept takes a pool as mappings do, and is told apart from them; where no pool's allocator is named it is the API's.
    [Fact]
    public void Memory_that_is_kept_is_an_allocation_of_its_pool()
    {
        var sink = Reading.Text(PoolHead
            + "1,alloc,d,lpfc,8192,7,0x10003000,,,ok,0:0:0:9,tce\n2,alloc,d,lpfc,8192,8,,,,ENOMEM,0:0:0:9,tce\n3,free,d,,,7,,,,,,tce\n4,map,d,,4096,9,0x10003000,,,ok,,tce\n5,alloc,d,,4096,,0x5000,,,,,\n", "x.csv");

        Assert.Equal([EventKind.PoolMapped, EventKind.PoolMapFailed, EventKind.PoolUnmap, EventKind.PoolMapped, EventKind.Alloc], sink.Events.Select(e => e.Kind));
        Assert.Equal([true, true, true, false, false], sink.Events.Select(e => e.Fields.HasFlag(EventFields.Coherent)));
        Assert.Equal((3UL, 8192L), (sink.Events[2].DmaAddr, sink.Events[2].Bytes));
    }

    [Fact]
    public void Of_a_list_that_failed_one_segment_was_refused()
    {
        var sink = Reading.Text(PoolHead
            + "1,map_sg,d,lpfc,,7,,,0x5000:4096:0x10003000;0x9000:8192;0xb000:4096,ENOMEM,,tce\n2,map_sg,d,lpfc,,8,,,0x5000:4096;0x9000:8192,ENOMEM,,\n", "x.csv");

        Assert.Equal([EventKind.PoolMapped, EventKind.PoolMapFailed, EventKind.PoolUnmap, EventKind.Map], sink.Events.Select(e => e.Kind));
        Assert.Equal([3UL, TraceEvent.MappingError, 3UL, TraceEvent.MappingError], sink.Events.Select(e => e.DmaAddr));
    }

    [Fact]
    public void Releases_of_a_pool_need_an_address_or_an_id()
    {
        var sink = Reading.Text(PoolHead + "1,unmap,d,,,9,,,,,,tce\n2,unmap_sg,d,,,9,,,,,,tce\n3,unmap,d,,4096,,0x10001000,,,,,tce\n", "x.csv");

        Assert.Equal((1, 2L), (sink.Events.Count, sink.Sources[0].Skipped));
        Assert.Equal((1UL, 0L, 4096L), (sink.Events[0].DmaAddr, sink.Events[0].Units, sink.Events[0].Bytes));
    }

    [Fact]
    public void Canonical_csv_quarantines_bad_rows()
    {
        var sink = Reading.Text("time_s,op,device,size,dma_addr\n5.2683E+10,map,d,1,0x1\n1.5,map,d,,0x1\n1.5,wrong,d,1,0x1\n1.5,map,d,1,0x1\n", "x.csv");

        Assert.Equal((1, 3L), (sink.Events.Count, sink.Sources[0].Skipped));
        Assert.Equal(1_500_000_000, sink.Events[0].TimeNs);
        Assert.Equal(3, sink.Diagnostics.Count(d => d.Code == Notice.BadRow.Code));
    }

    [Theory]
    [InlineData("journal-export.binary_message.txt")]
    [InlineData("json-log.one_object_per_line.json")]
    [InlineData("json-log.record_separators.txt")]
    [InlineData("json-log.server_sent_events.txt")]
    public void Journal_forms_say_the_same(string fixture)
    {
        var sink = Reading.Fixtures(fixture);

        var full = Assert.Single(sink.Of<LogMessageFact>(), f => f.IsFailure);
        Assert.Equal((2_234_317_000L, "0000:00:04.0", 480L), (full.TimeNs, full.Device, full.UsedUnits));
        Assert.Equal("2026-11-22T06:13:20.000000Z", sink.Of<MachineFact>().Single(m => m.BootTime is not null).BootTime);
        Assert.Equal((3L, 0L), (sink.Sources[0].Records, sink.Sources[0].Skipped));
    }

    [Fact]
    public void Programs_that_quote_the_kernel_are_not_the_kernel()
    {
        var sink = Reading.Text("""{"__REALTIME_TIMESTAMP":"1","_TRANSPORT":"syslog","MESSAGE":"swiotlb buffer is full (sz: 81 bytes)"}""" + "\n");

        Assert.Empty(sink.Of<LogMessageFact>());
    }

    [Fact]
    public void Live_mappings_of_dma_debug_become_events()
    {
        var sink = Reading.Fixtures("dma-debug-dump.6.12.txt");

        Assert.Equal((0x39000000UL, 0x41b7678UL, 16L, "0000:00:02.0"), (sink.Events[0].DmaAddr, sink.Events[0].PhysAddr, sink.Events[0].Bytes, sink.Text(sink.Events[0].DeviceId)));
        Assert.All(sink.Events, e => Assert.Equal(TraceEvent.NoTime, e.TimeNs));
    }

    [Fact]
    public void Differences_are_added_up()
    {
        var sink = Reading.Text("[Nov22 06:23] Linux version 6.1.0\n[  +0.500000] x\n[  +0.250000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)\n");

        Assert.Equal(750_000_000, Assert.Single(sink.Of<LogMessageFact>()).TimeNs);
    }

    [Fact]
    public void Two_messages_on_one_console_line_are_told_apart()
    {
        const string Full = "0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)";
        var sink = Reading.Text($"[    1.000000] e1000 {Full}[    2.000000] ahci {Full}\r\r\n10%\r20%\r[    3.000000] nvme {Full}\r\n");

        Assert.Equal([(1_000_000_000L, "e1000"), (2_000_000_000L, "ahci"), (3_000_000_000L, "nvme")], sink.Of<LogMessageFact>().Select(f => (f.TimeNs, f.Driver)));
    }

    [Fact]
    public void A_new_year_follows_december()
    {
        const string Message = "host kernel: e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)";
        var sink = Reading.Text($"Dec 31 23:59:59 {Message}\nJan  1 00:00:01 {Message}\n");

        var times = sink.Of<LogMessageFact>().Select(f => f.TimeNs).ToArray();
        Assert.Equal(2_000_000_000, times[1] - times[0]);
    }

    [Fact]
    public void Inventories_name_devices_and_consumers()
    {
        var sink = Reading.Fixtures("pci-devices.masks.txt", "block-queues.virtio_scsi.txt", "tce-tables.four_pools.txt", "swiotlb-debugfs.after_trace-end.txt", "usage-samples.with_memory.csv");

        Assert.Contains(sink.Of<DeviceFact>(), d => d is { Name: "0000:00:05.0", Driver: "dmalab", DmaMaskBits: 32 });
        Assert.Contains(sink.Of<ConsumerFact>(), c => c is { Consumer: "0:0:0:1", Alias: "sda", Device: "0000:00:02.0" });
        Assert.Contains(sink.Of<PoolGeometryFact>(), p => p is { Kind: PoolKind.Tce, Units: 262144, Areas: 4 } && p.More["pool1_hint"] == 61296);
        Assert.Contains(sink.Of<UsageFact>(), u => u is { Moment: UsageMoment.AfterTrace, UsedUnits: 264, TotalUnits: 2048 });
        Assert.Contains(sink.Of<UsageFact>(), u => u is { Moment: UsageMoment.Sample } && u.TimeNs != TraceEvent.NoTime);
    }
}
