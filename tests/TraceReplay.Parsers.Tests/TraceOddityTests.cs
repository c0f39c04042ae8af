using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Trace text as people send it: without its header, put together, cut, with other tracers' lines in between.</summary>
public class TraceOddityTests
{
    private const string Bounce = "swiotlb_bounced: dev_name: 0000:00:04.0 dma_mask=ffffffffffffffff dev_addr=5fe000 size=4096 FORCE\n";

    [Fact]
    public void Recordings_one_behind_the_other_are_told()
    {
        var sink = Reading.Text(
            $"# tracer: nop\n              lg-1       [000] ....1   100.000000: {Bounce}# tracer: nop\n              lg-1       [001] ....1    99.500000: {Bounce}");

        Assert.Equal([0, 1], sink.Events.Select(e => e.Cpu));
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.TimeGoesBack.Code && d.Message.Contains("0.500 s", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[001]", "100.2", true)]
    [InlineData("[000]", "100.2", false)]
    [InlineData("[001]", "200.2", false)]
    public void Files_of_one_CPU_each_over_the_same_time_are_one_recording(string cpu, string time, bool isTold)
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay");
        try
        {
            var other = time[..3];
            File.WriteAllText(Path.Combine(folder.FullName, "cpu0.txt"), $"# tracer: nop\n              lg-1       [000] ....1   100.000000: {Bounce}              lg-1       [000] ....1   101.000000: {Bounce}");
            File.WriteAllText(Path.Combine(folder.FullName, "cpu1.txt"), $"# tracer: nop\n              lg-1       {cpu} ....1   {time}00000: {Bounce}              lg-1       {cpu} ....1   {other}.900000: {Bounce}");
            var sink = Reading.Paths(new ReaderOptions(), folder.FullName);

            Assert.Equal(isTold, sink.Diagnostics.Exists(d => d.Code == Notice.RunsBeside.Code));
            Assert.Equal(isTold ? sink.Sources[0].Path : null, sink.Sources[1].RecordedWith);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void What_stands_above_a_trace_is_no_event()
    {
        var sink = Reading.Text(
            $"root@host:/sys/kernel/tracing# cat trace\n# tracer: nop\n#\n# entries-in-buffer/entries-written: 2/2   #P:2\n#\n"
            + $"              lg-1       [000] ....1   100.000000: {Bounce}              lg-1       [001] ....1   100.500000: {Bounce}", "x.txt", new ReaderOptions { InputFormat = "ftrace-text" });

        Assert.Equal((2, ClockDomain.FtraceLocal), (sink.Events.Count, sink.Sources[0].Clock));
        Assert.DoesNotContain(sink.Diagnostics, d => d.Code == Notice.NoColumns.Code);
    }

    [Fact]
    public void A_pasted_piece_with_its_head_is_recognised()
    {
        var lines = File.ReadAllLines(Reading.Fixture("ftrace-text.dma_phys_7.3.txt"));
        var sink = Reading.Text("$ cat trace\n" + string.Join('\n', lines.Take(20)) + "\n");

        Assert.Equal("ftrace-text", sink.Sources[0].Format);
        Assert.Equal(1, sink.Sources[0].Skipped);
    }

    [Fact]
    public void Clocks_of_two_CPUs_may_differ_a_little()
    {
        var sink = Reading.Text($"              lg-1       [000] ....1   100.000050: {Bounce}              lg-1       [001] ....1   100.000000: {Bounce}");

        Assert.DoesNotContain(sink.Diagnostics, d => d.Code == Notice.TimeGoesBack.Code);
    }

    [Fact]
    public void Records_of_the_function_tracer_are_counted_and_passed_over()
    {
        var sink = Reading.Text(
            $"# tracer: function\n#\n            bash-1994    [000] d..1.    12.000001: _raw_spin_lock <-enqueue_task\n            bash-1994    [000] d..1.    12.000002: {Bounce}");

        Assert.Equal((1, 0L), (sink.Events.Count, sink.Sources[0].Skipped));
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.FunctionRecords.Code && d.Message.StartsWith('1'));
    }

    [Fact]
    public void Events_in_a_drawing_of_calls_are_refused_with_a_reason()
    {
        var sink = Reading.Text(
            "# tracer: function_graph\n#\n# CPU  DURATION                  FUNCTION CALLS\n# |     |   |                     |   |   |   |\n"
            + " 0)               |  swiotlb_map() {\n 0)               |    /* swiotlb_bounced: dev_name: 0000:00:04.0 dma_mask=f dev_addr=5 size=1 FORCE */\n 0)   1.234 us    |  }\n");

        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.RefusedForm.Code && d.Message.Contains("function_graph", StringComparison.Ordinal));
        Assert.Equal(0, sink.Sources[0].Skipped);
    }

    [Theory]
    [InlineData("10 0 50910328256 type: 1234\n10 0 50910437911 type: 1646\n")]
    [InlineData("0000011c 00000000 0000000cccf1579a type: 1235\n\n0000000a 00000000 0000000cccf728c0 type: 1234\n\n")]
    public void Numbers_without_fields_are_refused_with_a_reason(string lines)
    {
        var sink = Reading.Text("# tracer: nop\n#\n# entries-in-buffer/entries-written: 156/156   #P:2\n#\n" + lines);

        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.RefusedForm.Code && d.Message.Contains("noraw", StringComparison.Ordinal));
    }

    [Fact]
    public void Short_columns_give_time_task_and_context()
    {
        var sink = Reading.Text($"kworker/-10        0d.h1. 920359us+: {Bounce}      dd-257      12...1. 920400us : {Bounce}", options: new ReaderOptions { InputFormat = "ftrace-text" });

        Assert.Equal([("kworker/", 10, 0, 920_359_000L), ("dd", 257, 12, 920_400_000L)], sink.Events.Select(e => (sink.Text(e.CommId), e.Pid, e.Cpu, e.TimeNs)));
        Assert.Equal([true, false], sink.Events.Select(e => e.Fields.HasFlag(EventFields.Interrupt)));
        Assert.Equal(ClockDomain.Relative, sink.Sources[0].Clock);
    }

    [Fact]
    public void Verbose_columns_hold_the_time_of_the_clock()
    {
        var sink = Reading.Text($"# tracer: nop\n     Web Content     266   1 16 00000001 00000000 [02cd9b99] 854.313ms (+0.330ms): {Bounce}");

        var item = Assert.Single(sink.Events);
        Assert.Equal(("Web Content", 266, 1, 0x02cd9b99L * 1000, true), (sink.Text(item.CommId), item.Pid, item.Cpu, item.TimeNs, item.Fields.HasFlag(EventFields.Interrupt)));
    }

    [Fact]
    public void Without_context_the_order_is_kept()
    {
        var sink = Reading.Fixtures("ftrace-text.no_context_info.txt");

        Assert.Equal(sink.Events.Select(e => e.TimeNs).Order(), sink.Events.Select(e => e.TimeNs));
        Assert.Equal((ClockDomain.Counter, "0000:00:04.0"), (sink.Sources[0].Clock, sink.Text(sink.First(EventKind.Bounce).DeviceId)));
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.NoColumns.Code);
    }

    [Fact]
    public void Equal_integers_are_ticks() => Assert.Equal(ClockDomain.Jiffies, Reading.Fixtures("ftrace-text.clock_uptime.txt").Sources[0].Clock);

    [Theory]
    [InlineData("trace-cmd-report", " swiotlb_bounced:      dev_name=0000:00:04.0 dma_mask=ffffffff dev_addr=60ba000 size=65536 force=1")]
    [InlineData("trace-cmd-report", " swiotlb_bounced:      [FAILED TO PARSE] dev_name=0000:00:04.0 dma_mask=4294967295 dev_addr=101425152 size=65536 swiotlb_force=1")]
    public void Raw_fields_say_the_same(string format, string body)
    {
        var sink = Reading.Text($"cpus=1\n              dd-458   [001]   145.196324:{body}\n", options: new ReaderOptions { InputFormat = format });

        var item = Assert.Single(sink.Events);
        Assert.Equal(("0000:00:04.0", 0xffffffffUL, 0x60ba000UL, 65536L), (sink.Text(item.DeviceId), item.Limit, item.PhysAddr, item.Bytes));
        Assert.True(item.Fields.HasFlag(EventFields.Forced));
    }

    [Theory]
    [InlineData("dma_map_phys:         device=0000:00:05.0 phys_addr=406ef88 dma_addr=5dcfe000 size=51 dir=1 attrs=0x0")]
    [InlineData("dma_map_page:         [FAILED TO PARSE] device=0000:00:05.0 phys_addr=67563400 dma_addr=1573904384 size=51 dir=1 attrs=0x0")]
    [InlineData("dma_map_page:         0000:00:05.0 dir=TO_DEVICE dma_addr=5dcfe000 size=51 phys_addr=406ef88 attrs=")]
    public void Raw_mappings_say_the_same(string body)
    {
        var item = Assert.Single(Reading.Text($"cpus=1\n              dd-458   [001]   145.196324: {body}\n").Events);

        Assert.Equal((EventKind.Map, 0x5dcfe000UL, 0x406ef88UL, 51L, (byte)1), (item.Kind, item.DmaAddr, item.PhysAddr, item.Bytes, item.Direction));
    }

    [Theory]
    [InlineData("map:                  IOMMU: iova=0x00000000fff20000 - 0x00000000fff21000 paddr=0x0000000020699000 size=4096")]
    [InlineData("map:                  IOMMU: iova=0x00000000fff20000 paddr=0x0000000020699000 size=4096")]
    [InlineData("map:                  iova=fff20000 paddr=20699000 size=4096")]
    [InlineData("map:                  [FAILED TO PARSE] iova=4294049792 paddr=543789056 size=4096")]
    public void Iommu_mappings_of_every_rendering(string body)
    {
        var item = Assert.Single(Reading.Text($"cpus=1\n              dd-458   [001]   145.196324: {body}\n").Events);

        Assert.Equal((EventKind.IommuMap, 0xfff20000UL, 0x20699000UL, 4096L), (item.Kind, item.DmaAddr, item.PhysAddr, item.Bytes));
    }

    [Theory]
    [InlineData("block_rq_issue:       dev=8388624 sector=2048 nr_sector=128 bytes=65536 ioprio=16388 rwbs=RS comm=kworker/1:1H cmd=")]
    [InlineData("block_rq_issue:       8,16 RS 65536 () 2048 + 128 0x2,0,4 [kworker/1:1H]")]
    [InlineData("block_rq_issue:       8,16 RS 65536 () 2048 + 128 [kworker/1:1H]")]
    public void Block_requests_of_every_rendering(string body)
    {
        var sink = Reading.Text($"cpus=1\n              dd-458   [001]   145.196324: {body}\n");

        var item = Assert.Single(sink.Events);
        Assert.Equal(("8,16", 2048L, 65536L), (sink.Text(item.ConsumerId), item.Arg, item.Bytes));
    }

    [Theory]
    [InlineData("map_in:               (ffffffff8f144ff0) dev=\"0000:00:02.0\" orig=0x3e99488 msize=51 asize=51 amask=0x0 dir=1", "map_ret:              (ffffffff8f14590f <- ffffffff8f144ff0) ret=0x78807800")]
    [InlineData("map_in:               __probe_ip=ffffffff8f144ff0 dev=0000:00:02.0 orig=0x3e99488 msize=51 asize=51 amask=0x0 dir=1", "map_ret:              __probe_func=ffffffff8f144ff0 __probe_ret_ip=ffffffff8f14590f ret=0x78807800")]
    [InlineData("map_in:               [FAILED TO PARSE] __probe_ip=18446744071816958960 dev=0000:00:02.0 orig=0x3e99488 msize=51 asize=51 amask=0x0 dir=1", "map_ret:              [FAILED TO PARSE] __probe_func=1 __probe_ret_ip=2 ret=0x78807800")]
    public void Probes_of_every_rendering(string entry, string exit)
    {
        var sink = Reading.Text($"cpus=4\n              lg-388   [002]    21.303739: {entry}\n              lg-388   [002]    21.304597: {exit}\n");

        var map = sink.First(EventKind.PoolMap);
        Assert.Equal(("0000:00:02.0", 0x3e99488UL, 51L, (byte)1), (sink.Text(map.DeviceId), map.PhysAddr, map.Bytes, map.Direction));
        Assert.Equal(0x78807800UL, sink.First(EventKind.PoolMapReturn).DmaAddr);
    }

    [Fact]
    public void A_report_of_other_things_is_refused_with_a_reason()
    {
        var sink = Reading.Text("cpus=2\n\nCPU: 0\nentries: 5\n\nKernel buffer statistics:\n  Note: \"entries\" are the entries left in the kernel ring buffer and are not\n");

        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.RefusedForm.Code && d.Message.Contains("--stat", StringComparison.Ordinal));
        Assert.DoesNotContain(Reading.Text("cpus=2\n").Diagnostics, d => d.Code == Notice.RefusedForm.Code);
    }

    [Fact]
    public void Differences_of_perf_are_added_up()
    {
        var sink = Reading.Fixtures("perf-script.differences.txt");

        Assert.Equal(ClockDomain.Relative, sink.Sources[0].Clock);
        Assert.Equal(sink.Events.Select(e => e.TimeNs).Order(), sink.Events.Select(e => e.TimeNs));
        Assert.True(sink.Events[^1].TimeNs > 500_000_000);
    }

    [Fact]
    public void Perf_without_fields_is_told()
    {
        var sink = Reading.Text("              dd   219   118.697527:           dma:dma_unmap_phys:  ffffffff98871e89 [unknown] ([kernel.kallsyms])\n");

        Assert.Equal(EventKind.Other, Assert.Single(sink.Events).Kind);
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.NoFields.Code);
    }

    [Fact]
    public void Losses_that_perf_prints_are_told()
    {
        var sink = Reading.Text(
            "Warning:\nProcessed 5 events and lost 2 chunks!\n\nCheck IO/CPU overload!\n\n"
            + "              dd   219 [001]   118.696848:      swiotlb:" + Bounce + "         swapper     0 [000]   118.697000: PERF_RECORD_LOST lost 7\n");

        Assert.Equal([0L, 7L], sink.Events.Where(e => e.Kind == EventKind.Lost).Select(e => e.Bytes));
        Assert.Equal(7, sink.Sources[0].Lost);
    }

    [Theory]
    [InlineData("a [001] b")]
    [InlineData("x: y: z")]
    [InlineData("12 34")]
    [InlineData("kworker/1:1H-kb")]
    public void Task_names_of_perf_hold_anything(string comm)
    {
        var sink = Reading.Text($"{comm,16}   219 [003]   118.696848:      swiotlb:{Bounce}");

        var item = Assert.Single(sink.Events);
        Assert.Equal((comm, 219, 3), (sink.Text(item.CommId), item.Pid, item.Cpu));
    }
}
