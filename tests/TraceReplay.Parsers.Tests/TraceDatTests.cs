using TraceReplay.Core;
using TraceReplay.TestSupport;

namespace TraceReplay.Parsers.Tests;

/// <summary>A binary recording gives the same events as the text of the same ring buffer.</summary>
public class TraceDatTests
{
    [Theory]
    [InlineData("06-greedy-vs-innocent-6.1")]
    [InlineData("01-capacity-virtioscsi-6.1")]
    [InlineData("07-intel-iommu-6.1")]
    [InlineData("c1e-megasas-stacktrace-tracedat-6.1")]
    public void Binary_equals_text(string capture)
    {
        if (Places.Shared is null)
        {
            return;
        }

        var folder = Path.Combine(Places.Shared, "captures", capture);
        var text = Reading.Paths(new ReaderOptions(), Path.Combine(folder, "input", "trace.txt.zst"));
        var binary = Reading.Paths(new ReaderOptions(), Path.Combine(folder, "alt", "trace.dat.zst"));

        Assert.Equal(text.Events.Count, binary.Events.Count);
        Assert.Equal(0, binary.Sources[0].Skipped);
        Assert.Equal(Tuples(text), Tuples(binary));
    }

    [Fact]
    public void Perf_recording_equals_its_script()
    {
        if (Places.Shared is null)
        {
            return;
        }

        var folder = Path.Combine(Places.Shared, "captures", "11-perf-6.1", "alt");
        var script = Reading.Paths(new ReaderOptions(), Path.Combine(folder, "perf-script.txt.zst"));
        var binary = Reading.Paths(new ReaderOptions(), Path.Combine(folder, "perf.data.zst"));

        Assert.Equal(script.Events.Count, binary.Events.Count);
        Assert.Equal(Sums(script), Sums(binary));
    }

    [Fact]
    public void A_cut_file_keeps_what_it_can()
    {
        var whole = Unpacked("trace-dat.version_6_without_symbols.dat.zst");
        foreach (var part in new[] { 0.001, 0.01, 0.3, 0.9, 0.99 })
        {
            var sink = Reading.Bytes(whole[..(int)(whole.Length * part)], "trace.dat", new ReaderOptions { InputFormat = "trace-dat" });
            Assert.Single(sink.Sources);
        }
    }

    private static byte[] Unpacked(string name)
    {
        using var stream = new Containers.ZstdStream(File.OpenRead(Reading.Fixture(name)));
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    /// <summary>perf script cuts its stamps, so that times differ by rounding only.</summary>
    private static string[] Sums(RecordingSink sink) =>
    [
        .. sink.Events.GroupBy(e => e.Kind).OrderBy(g => g.Key).Select(g => FormattableString.Invariant(
            $"{g.Key} {g.Count()} {g.Sum(e => (long)(e.DmaAddr & 0xffffffff))} {g.Sum(e => (long)e.PhysAddr)} {g.Sum(e => e.Bytes)} {g.Sum(e => e.UsedUnits)} {g.Sum(e => e.Cpu)} {g.Sum(e => e.Pid)}")),
    ];

    /// <summary>Sorted, because events of equal microseconds may be merged in another order.</summary>
    private static string[] Tuples(RecordingSink sink) =>
    [
        .. sink.Events.Select(e => FormattableString.Invariant(
            $"{(e.TimeNs + 500) / 1000} {e.Kind} {e.Cpu} {e.Pid} {sink.Text(e.DeviceId)} {sink.Text(e.ConsumerId)} {e.DmaAddr:x} {e.PhysAddr:x} {e.Bytes} {e.Units} {e.AlignMask} {e.Limit:x} {e.PoolRef:x} {e.UsedUnits} {e.Arg} {e.Fields & ~EventFields.Interrupt} {e.StateCount}"))
            .Order(StringComparer.Ordinal),
    ];
}
