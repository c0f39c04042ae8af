using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Real trace lines, cut from captures; the fixture's name tells what is odd about it.</summary>
public class FtraceTests
{
    [Fact]
    public void Swiotlb_probe_gives_request_state_and_result()
    {
        var sink = Reading.Fixtures("ftrace-text.kprobes_nmi_context.txt", "probe-definitions.x86_registers.txt", "kernel-identity.uname.txt");

        var map = sink.First(EventKind.PoolMap);
        Assert.Equal("0000:00:02.0", sink.Text(map.DeviceId));
        Assert.Equal((0x3df5d48UL, 51L, (byte)1, 264L), (map.PhysAddr, map.Bytes, map.Direction, map.UsedUnits));
        Assert.Equal([8, 80, 256, 485], sink.States[sink.Events.IndexOf(map)]);
        Assert.Equal(PoolKind.Swiotlb, map.Pool);
        Assert.Equal(0x787f2800UL, sink.First(EventKind.PoolMapReturn).DmaAddr);
        Assert.False(map.Fields.HasFlag(EventFields.Interrupt));
    }

    [Fact]
    public void Storage_events_name_their_consumer()
    {
        var sink = Reading.Fixtures("ftrace-text.kprobes_nmi_context.txt");

        var start = sink.First(EventKind.ScsiStart);
        Assert.Equal(("0:0:0:1", 184L, 16384L, 4L), (sink.Text(start.ConsumerId), start.Arg, start.Bytes, start.Units));
        var issue = sink.First(EventKind.BlockIssue);
        Assert.Equal(("8,0", 177664L, 16384L), (sink.Text(issue.ConsumerId), issue.Arg, issue.Bytes));
    }

    [Fact]
    public void Dma_events_of_7_3_expand_scatter_lists()
    {
        var sink = Reading.Fixtures("ftrace-text.dma_phys_7.3.txt");

        var lines = File.ReadLines(Reading.Fixture("ftrace-text.dma_phys_7.3.txt")).Where(l => l.Contains(" dma_map_sg: ", StringComparison.Ordinal)).ToArray();
        var elements = lines.Sum(l => l.Split("phys_addrs={")[1].Split('}')[0].Split(',').Length);
        Assert.True(lines.Length > 0);
        Assert.Equal(elements, sink.Events.Count(e => e.Kind == EventKind.Map && sink.Text(e.NameId) == "dma_map_sg"));
        Assert.All(sink.Events.Where(e => e.Kind == EventKind.Map), e => Assert.True(e.Fields.HasFlag(EventFields.DmaAddr | EventFields.PhysAddr | EventFields.Bytes)));
    }

    [Fact]
    public void Report_shows_only_addresses_and_definitions_tell_the_rest()
    {
        var sink = Reading.Fixtures("trace-cmd-report.hex_places.txt", "probe-definitions.fprobes_with_arguments.txt");

        Assert.Equal("trace-cmd-report", sink.Sources[^1].Format);
        var map = sink.First(EventKind.PoolMap);
        Assert.Equal((0x103942fb0UL, 51L), (map.PhysAddr, map.Bytes));
        Assert.Equal(0x7e96a800UL, sink.First(EventKind.PoolMapReturn).DmaAddr);
        Assert.Equal(0, sink.Sources[^1].Skipped);
    }

    [Fact]
    public void Tce_probes_give_entry_pages_and_sub_pool()
    {
        var sink = Reading.Fixtures("ftrace-text.tce_alloc_ok.txt");

        var mapped = sink.First(EventKind.PoolMapped);
        Assert.Equal((PoolKind.Tce, 6144UL, 16L, 0xfffffUL, 4UL), (mapped.Pool, mapped.DmaAddr, mapped.Units, mapped.Limit, mapped.AlignMask));
        Assert.Equal([0, 6144, 8192], sink.States[sink.Events.IndexOf(mapped)]);
        var failed = sink.First(EventKind.PoolMapFailed);
        Assert.Equal((32L, 0xc000000003473400UL), (failed.Units, failed.PoolRef));
    }

    [Fact]
    public void Iova_probes_and_iommu_events_share_a_name()
    {
        var sink = Reading.Fixtures("ftrace-text.iova_and_iommu_map.txt");

        var map = sink.First(EventKind.PoolMap);
        Assert.Equal((PoolKind.Iova, 4L, 0xfffffUL), (map.Pool, map.Units, map.Limit));
        Assert.Equal(0xfffb8UL, sink.First(EventKind.PoolMapReturn).DmaAddr);
        Assert.Equal((0xfffb8UL, 4L), (sink.First(EventKind.PoolUnmap).DmaAddr, sink.First(EventKind.PoolUnmap).Units));
        Assert.Equal((0xfffb8000UL, 0x3905000UL, 4096L), (sink.First(EventKind.IommuMap).DmaAddr, sink.First(EventKind.IommuMap).PhysAddr, sink.First(EventKind.IommuMap).Bytes));
        Assert.Equal(16384L, sink.First(EventKind.IommuUnmap).Bytes);
    }

    [Fact]
    public void Dynamic_pools_come_and_go()
    {
        var sink = Reading.Fixtures("ftrace-text.dynamic_pools.txt", "probe-definitions.fprobes_with_arguments.txt");

        var search = sink.First(EventKind.PoolSearch);
        Assert.Equal((0xffffffff81d38380UL, 51L, 1024L), (search.PoolRef, search.Bytes, search.Units));
        Assert.Equal(335L, sink.First(EventKind.PoolSearchReturn).Arg);
        var grow = sink.First(EventKind.PoolGrow);
        Assert.Equal((0xffff8880033fdb80UL, 0x4148000UL, 0x4150000UL, 16L), (grow.PoolRef, grow.DmaAddr, grow.Limit, grow.Units));
        var shrink = sink.First(EventKind.PoolShrink);
        Assert.Equal((0xffff8880032f3cd0UL - 80, 0xe52c000UL, 1L), (shrink.PoolRef, shrink.DmaAddr, shrink.Units));
    }

    [Fact]
    public void Stacks_join_their_frames()
    {
        var sink = Reading.Fixtures("ftrace-text.stack_trace_of_every_event.txt");

        Assert.StartsWith("iommu_range_alloc|iommu_range_alloc|iommu_alloc|iommu_alloc_coherent", sink.Text(sink.First(EventKind.Stack).TextId), StringComparison.Ordinal);
        Assert.Equal(0, sink.Sources[^1].Skipped);
    }

    [Theory]
    [InlineData("ftrace-text.tgid_column.txt", ClockDomain.FtraceLocal)]
    [InlineData("ftrace-text.no_irq_info.txt", ClockDomain.FtraceLocal)]
    [InlineData("ftrace-text.pipe_with_lost_lines.txt", ClockDomain.FtraceLocal)]
    [InlineData("ftrace-text.clock_counter.txt", ClockDomain.Counter)]
    [InlineData("ftrace-text.clock_tai.txt", ClockDomain.Tai)]
    [InlineData("trace-cmd-report.two_instances.txt", ClockDomain.FtraceLocal)]
    [InlineData("trace-cmd-report.difference_column.txt", ClockDomain.FtraceLocal)]
    public void Every_header_variant_is_read(string fixture, ClockDomain clock)
    {
        var sink = Reading.Fixtures(fixture);

        var source = Assert.Single(sink.Sources);
        Assert.Equal((0L, clock), (source.Skipped, source.Clock));
        Assert.True(sink.Events.Count > 5);
        Assert.All(sink.Events, e => Assert.True(e.Kind == EventKind.Lost || (e.CommId != 0 && e.Pid >= 0)));
    }

    [Fact]
    public void Lost_events_are_told()
    {
        var pipe = Reading.Fixtures("ftrace-text.pipe_with_lost_lines.txt");
        Assert.Contains(pipe.Events, e => e.Kind == EventKind.Lost && e.Bytes > 0);
        Assert.True(pipe.Sources[0].Lost > 0);

        var overwritten = Reading.Fixtures("ftrace-text.oldest_overwritten.txt");
        Assert.Contains(overwritten.Of<LossFact>(), f => f.AtStart && f.Lost > 0);
        Assert.Contains(overwritten.Diagnostics, d => d.Code == Notice.TraceLoss.Code);
    }


    [Theory]
    [InlineData("a-b [000] x-1")]
    [InlineData("kworker/1:1H-kb")]
    [InlineData("Web Content")]
    [InlineData("x] [001] 1.2: y")]
    public void Task_names_hold_anything(string comm)
    {
        var sink = Reading.Text($"{comm,16}-42      [003] d..1.    12.345678: net_dev_start_xmit: dev=eth0 queue_mapping=0 skbaddr=0 len=42 data_len=0\n");

        var item = Assert.Single(sink.Events);
        Assert.Equal((comm, 42, 3, 12_345_678_000L), (sink.Text(item.CommId), item.Pid, item.Cpu, item.TimeNs));
        Assert.Equal(("eth0", 42L), (sink.Text(item.ConsumerId), item.Bytes));
    }

    [Fact]
    public void Failed_mappings_are_all_ones_whatever_their_width()
    {
        var sink = Reading.Text(
            "              lg-1       [000] ....1     1.000000: dma_map_page: 0000:00:02.0 dir=TO_DEVICE dma_addr=ffffffffffffffff size=51 phys_addr=3e4 attrs=\n"
            + "              lg-1       [000] ....1     1.000001: dma_map_page: 0000:00:02.0 dir=TO_DEVICE dma_addr=ffffffff size=51 phys_addr=3e4 attrs=\n"
            + "              lg-1       [000] ....1     1.000002: map_ret: (swiotlb_map+0x68/0x2f0 <- swiotlb_tbl_map_single) ret=18446744073709551615\n"
            + "              lg-1       [000] ....1     1.000003: dma_alloc: 0000:00:02.0 dir=BIDIRECTIONAL dma_addr=1d16000 size=6726 virt_addr=0000000000000000 flags=GFP_KERNEL attrs=\n");

        Assert.All(sink.Events, e => Assert.Equal(TraceEvent.MappingError, e.DmaAddr));
    }

    [Fact]
    public void Unreadable_scatter_lists_of_trace_cmd_are_decoded()
    {
        var sink = Reading.Text(
            "cpus=1\n  kworker/0:0H-10    [000]    26.283667: dma_map_sg:           [FAILED TO PARSE] device=0000:00:04.0 full_nents=2 full_ents=2 truncated=0"
            + " phys_addrs=ARRAY[00, a0, 0b, 06, 00, 00, 00, 00, 00, 10, 00, 00, 00, 00, 00, 00] dma_addrs=ARRAY[00, 00, c0, 5d, 00, 00, 00, 00, 00, 20, c0, 5d, 00, 00, 00, 00]"
            + " lengths=ARRAY[00, 00, 01, 00, 00, 10, 00, 00] dir=2 attrs=0x0\n");

        Assert.Equal([(0x60ba000UL, 0x5dc00000UL, 65536L), (0x1000UL, 0x5dc02000UL, 4096L)], sink.Events.Select(e => (e.PhysAddr, e.DmaAddr, e.Bytes)));
        Assert.All(sink.Events, e => Assert.Equal(("0000:00:04.0", (byte)2), (sink.Text(e.DeviceId), e.Direction)));
    }

    [Fact]
    public void A_binding_file_names_the_users_own_probe()
    {
        var binding = Path.GetTempFileName();
        File.WriteAllText(binding, "# mine\nmy_in = swiotlb-map who=device where=orig len=size\n");
        try
        {
            var sink = Reading.Text(
                "              lg-1       [000] ....1     1.000000: my_in: (ffffffffb499ff44) who=\"0000:00:02.0\" where=0x3e4 len=51\n",
                options: new ReaderOptions { BindingFile = binding });

            var map = sink.First(EventKind.PoolMap);
            Assert.Equal(("0000:00:02.0", 0x3e4UL, 51L), (sink.Text(map.DeviceId), map.PhysAddr, map.Bytes));
        }
        finally
        {
            File.Delete(binding);
        }
    }

    [Fact]
    public void Markers_align_the_clocks()
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "dmesg.txt"), "[   24.583720] SCN: load\n[   24.600000] other\n");
            File.WriteAllText(
                Path.Combine(folder.FullName, "trace.txt"),
                "            init-1       [000] .....    25.524675: tracing_mark_write: SCN: load\n"
                + "            init-1       [000] .....    25.862788: tracing_mark_write: swiotlb_sample uptime=24.93 used=286\n"
                + "            init-1       [000] .....    26.021717: tracing_mark_write: swiotlb_sample uptime=25.12 used=264\n");
            var sink = Reading.Paths(new ReaderOptions(), folder.FullName);

            Assert.Contains(sink.Of<ClockOffsetFact>(), f => f is { To: ClockDomain.BootPrintk, OffsetNs: 24583720000 - 25524675000 });
            Assert.Contains(sink.Of<ClockOffsetFact>(), f => f is { To: ClockDomain.Boot, OffsetNs: 25120000000 - 26021717000 });
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
