using TraceReplay.Core;
using TraceReplay.TestSupport;

namespace TraceReplay.Parsers.Tests;

/// <summary>Recordings of tracers beside ftrace and perf: what their own tools print.</summary>
public class OtherTracerTests
{
    [Fact]
    public void Babeltrace_says_what_perf_recorded()
    {
        if (Places.Shared is null)
        {
            return;
        }

        // The fixture was made with `perf data convert --to-ctf` and `babeltrace2` of this recording.
        var binary = Reading.Paths(new ReaderOptions(), Path.Combine(Places.Shared, "captures", "11-perf-6.1", "alt", "perf.data.zst"));
        var text = Reading.Fixtures("babeltrace.perf_probes.txt");

        Assert.Equal(Tuples(binary)[..text.Events.Count], Tuples(text));
        Assert.Equal(40, text.Events.Count);
    }

    [Theory]
    [InlineData("babeltrace.named_scopes.txt")]
    [InlineData("babeltrace.dates.txt")]
    public void Babeltrace_in_any_dress_says_the_same(string fixture)
    {
        var plain = Tuples(Reading.Fixtures("babeltrace.perf_probes.txt"));
        var dressed = Tuples(Reading.Fixtures(fixture));

        Assert.Equal(plain[..dressed.Length], dressed);
    }

    [Fact]
    public void Scatter_lists_of_babeltrace_are_read()
    {
        var sink = Reading.Text(
            "[12:00:00.000000001] (+?.?????????) host dma:dma_map_sg: { cpu_id = 1 }, { tid = 7, procname = \"a, b } c\" }, { device = \"0000:00:04.0\", _phys_addrs_length = 2,"
            + " phys_addrs = [ [0] = 4096, [1] = 0x3000 ], _dma_addrs_length = 2, dma_addrs = [ [0] = 1572864, [1] = 1576960 ], lengths = [ [0] = 2048, [1] = 4096 ], dir = 2, attrs = 0 }\n"
            + "WARNING: Tracer discarded 123 events between [12:00:00.1] and [12:00:00.2] in trace \"x\".\n");

        Assert.Equal([(0x1000UL, 0x180000UL, 2048L), (0x3000UL, 0x181000UL, 4096L)], sink.Events.Where(e => e.Kind == EventKind.Map).Select(e => (e.PhysAddr, e.DmaAddr, e.Bytes)));
        Assert.Equal(("0000:00:04.0", "a, b } c", 7, 1), (sink.Text(sink.Events[0].DeviceId), sink.Text(sink.Events[0].CommId), sink.Events[0].Pid, sink.Events[0].Cpu));
        Assert.Equal((123L, ClockDomain.WallLocalUnknownZone), (sink.Sources[0].Lost, sink.Sources[0].Clock));
    }

    [Fact]
    public void Midnight_is_passed()
    {
        const string Rest = "(+0.1) host block_rq_issue: { cpu_id = 0 }, { dev = 8388608, sector = 0, nr_sector = 8, rwbs = 1 }\n";
        var sink = Reading.Text($"[23:59:59.900000000] {Rest}[00:00:00.100000000] {Rest}");

        Assert.Equal(200_000_000, sink.Events[1].TimeNs - sink.Events[0].TimeNs);
        Assert.Equal(("8,0", 4096L), (sink.Text(sink.Events[0].ConsumerId), sink.Events[0].Bytes));
    }

    [Theory]
    [InlineData("bpftrace.rows_and_maps.txt")]
    [InlineData("bpftrace.printed_as_json.txt")]
    public void A_script_that_prints_the_columns_is_read(string fixture)
    {
        var sink = Reading.Fixtures(fixture);

        Assert.Equal([EventKind.Map, EventKind.Unmap], sink.Events.Select(e => e.Kind));
        Assert.All(sink.Events, e => Assert.Equal(("0000:00:04.0", 4096L, 0x5dc02000UL), (sink.Text(e.DeviceId), e.Bytes, e.DmaAddr)));
        Assert.Equal((ClockDomain.Mono, 0L), (sink.Sources[0].Clock, sink.Sources[0].Skipped));
    }

    [Fact]
    public void A_script_that_prints_anything_else_is_refused_with_a_reason()
    {
        var sink = Reading.Text("Attaching 3 probes...\nswiotlb_map 4096\nLost 5 events\n@a: 1\n");

        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.RefusedForm.Code && d.Message.Contains("time_ns", StringComparison.Ordinal));
        Assert.Equal(5, sink.Sources[0].Lost);
    }

    [Fact]
    public void Requests_of_disks_come_from_blkparse()
    {
        var sink = Reading.Fixtures("blkparse.ahci_disk.txt");

        var issue = sink.First(EventKind.BlockIssue);
        Assert.Equal(("8,0", 0L, 65536L, 2_456_625L, 28, "kworker/1:0H"), (sink.Text(issue.ConsumerId), issue.Arg, issue.Bytes, issue.TimeNs, issue.Pid, sink.Text(issue.CommId)));
        Assert.Equal(2, sink.Events.Count(e => e.Kind == EventKind.BlockComplete));
        Assert.Equal((10, 0L, ClockDomain.Relative), (sink.Events.Count, sink.Sources[0].Skipped, sink.Sources[0].Clock));
    }

    [Fact]
    public void Gaps_that_blkparse_counts_are_lost_events()
    {
        var sink = Reading.Text(
            "  8,0    1        1     0.000000000   252  Q  RS 0 + 128 [dd]\n  8,16   0        9     1.000000000     0  C  WS 8 + 8 [0]\n  8,0    1        2     0.000001000   252  P   N [dd]\n"
            + "CPU0 (x):\n Reads Queued:           0,        0KiB\n\nSkips: 2 forward (40 -   9.1%)\n");

        Assert.Equal((3, 40L), (sink.Events.Count, sink.Sources[0].Lost));
    }

    private static string[] Tuples(RecordingSink sink) =>
    [
        .. sink.Events.Select(e => FormattableString.Invariant(
            $"{e.TimeNs} {e.Kind} {sink.Text(e.NameId)} {e.Cpu} {e.Pid} {sink.Text(e.DeviceId)} {sink.Text(e.ConsumerId)} {e.DmaAddr:x} {e.PhysAddr:x} {e.Bytes} {e.Direction} {e.UsedUnits} {e.Fields}")),
    ];
}
