using System.Text;
using TraceReplay.Parsers.Containers;
using TraceReplay.TestSupport;

namespace TraceReplay.Conformance.Tests;

/// <summary>A kernel with SWIOTLB_DYNAMIC against the model: every slot, every use counter.</summary>
public class DynamicTests
{
    [Fact]
    public void The_first_growth_is_answered_as_the_kernel_did()
    {
        var trace = new DynamicTrace(0x79100000, 512);
        var path = Places.InCheckout("tests", "TraceReplay.Conformance.Tests", "dynamic", "first-growth-6.12.117.trace.zst");
        Replay(trace, Lines(path));
        Assert.True(trace.Maps > 10_000, "the trace is cut off");
        Assert.Equal((trace.Maps, trace.Maps), (trace.Equal, trace.CountersEqual));
        Assert.Equal((388L, 1536L, 3), (trace.Pool.TransientPoolsMade, trace.Pool.TotalUnits, trace.Pool.PoolCount));
    }

    [Fact]
    public void The_whole_capture_from_an_empty_pool_is_equal()
    {
        if (Capture("d1b-dynamic-exact-1cpu-6.12") is not { } path)
        {
            return; // the captures are not on this machine
        }

        var trace = new DynamicTrace(0x79100000, 512);
        Replay(trace, Lines(path));
        Assert.Equal((78532, 78532, 78532), (trace.Maps, trace.Equal, trace.CountersEqual));
        Assert.Equal((388L, 1536L), (trace.Pool.TransientPoolsMade, trace.Pool.TotalUnits));
    }

    [Fact]
    public void The_capture_that_cannot_grow_is_equal()
    {
        if (Capture("d2-dynamic-cannot-grow-6.12") is not { } path)
        {
            return; // the captures are not on this machine
        }

        var trace = new DynamicTrace(0x1a600000, 1024);
        var index = Lines(path).First(line => line.Contains(" search: ", StringComparison.Ordinal));
        trace.Pool.SetSearchIndex(0, (long)DynamicTrace.Field(index, " a0i="));
        trace.Pool.Occupy(0, 8); // the driver's event buffers, mapped first of all and never released

        Replay(trace, Lines(path));
        Assert.Equal((70103, 70103, 70103, 223), (trace.Maps, trace.Equal, trace.CountersEqual, trace.Failures));
        Assert.Equal((5709L, 6144L), (trace.Pool.TransientPoolsMade, trace.Pool.TotalUnits));
    }

    private static void Replay(DynamicTrace trace, IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            trace.Line(line);
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        using var reader = new StreamReader(new ZstdStream(File.OpenRead(path)), Encoding.ASCII);
        while (reader.ReadLine() is { } line)
        {
            yield return line;
        }
    }

    private static string? Capture(string name) =>
        Places.Shared is { } shared ? Path.Combine(shared, "captures", name, "input", "trace.txt.zst") : null;
}
