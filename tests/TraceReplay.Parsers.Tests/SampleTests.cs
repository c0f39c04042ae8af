using TraceReplay.Core;
using TraceReplay.TestSupport;

namespace TraceReplay.Parsers.Tests;

/// <summary>Every sample file of every tool and option: read whole, or refused with a reason (spec formats.md, section 8).</summary>
public class SampleTests
{
    // Lines that are events; what is not listed is read without a skipped line all the same.
    private static readonly Dictionary<string, (string Format, int Lines)> Traces = new(StringComparer.Ordinal)
    {
        ["A73/ftrace-default.txt"] = ("ftrace-text", 238),
        ["A73/ftrace-clock-boot.txt"] = ("ftrace-text", 13),
        ["A73/ftrace-clock-counter.txt"] = ("ftrace-text", 13),
        ["A73/ftrace-clock-tai.txt"] = ("ftrace-text", 13),
        ["A73/ftrace-clock-uptime.txt"] = ("ftrace-text", 13),
        ["A73/ftrace-clock-x86-tsc.txt"] = ("ftrace-text", 13),
        ["A73/ftrace-kprobe.txt"] = ("ftrace-text", 18),
        ["A73/ftrace-lost.txt"] = ("ftrace-text", 17),
        ["A73/ftrace-opt-context-info.txt"] = ("ftrace-text", 43),
        ["A73/ftrace-opt-hash-ptr.txt"] = ("ftrace-text", 33),
        ["A73/ftrace-opt-latency-format.txt"] = ("ftrace-text", 27),
        ["A73/ftrace-opt-noirq-info.txt"] = ("ftrace-text", 39),
        ["A73/ftrace-opt-record-tgid.txt"] = ("ftrace-text", 33),
        ["A73/ftrace-opt-verbose.txt"] = ("ftrace-text", 36),
        ["A73/ftrace-pipe.txt"] = ("ftrace-text", 39),
        ["A73/ftrace-pipe-lost.txt"] = ("ftrace-text", 40),
        ["A73/report-v6.txt"] = ("trace-cmd-report", 130),
        ["A73/report-v7zstd.txt"] = ("trace-cmd-report", 124),
        ["A73/report-v6inst.txt"] = ("trace-cmd-report", 82),
        ["A73/report-v6stack.txt"] = ("trace-cmd-report", 88),
        ["A73/report-opt-l.txt"] = ("trace-cmd-report", 39),
        ["A73/report-opt-V.txt"] = ("trace-cmd-report", 16),
        ["A73/v6.dat.zst"] = ("trace-dat", 130),
        ["A73/v6-converted.dat.zst"] = ("trace-dat", 130),
        ["A73/v7zstd.dat.zst"] = ("trace-dat", 124),
        ["A73/v6inst.dat.zst"] = ("trace-dat", 82),
        ["A73/v6stack.dat.zst"] = ("trace-dat", 88),
        ["reports/rep-V.txt"] = ("trace-cmd-report", 130),
        ["reports/rep-l.txt"] = ("trace-cmd-report", 130),
        ["reports/rep-R.txt"] = ("trace-cmd-report", 130),
        ["Q73/perf.data"] = ("perf-data", 67),
        ["Q73/perf-script-F.txt"] = ("perf-script", 10),
        ["Q73/perf-script-F2.txt"] = ("perf-script", 10),
        ["Q73/perf-script-header.txt"] = ("perf-script", 22),
        ["Q73/perf-script.txt"] = ("perf-script", 57),
    };

    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        "A73/ftrace-opt-hex.txt", "A73/ftrace-opt-raw.txt", "A73/report-opt-P.txt", "A73/report-opt-f.txt", "Q73/perf-script-D.txt",
    };

    private static string? Folder => Places.Shared is null ? null : Path.Combine(Places.Shared, "samples");

    public static TheoryData<string> Files
    {
        get
        {
            var data = new TheoryData<string>();
            if (Folder is not null && Directory.Exists(Folder))
            {
                foreach (var path in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                {
                    data.Add(Path.GetRelativePath(Folder, path));
                }
            }

            if (data.Count == 0)
            {
                data.Add(string.Empty);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_sample_is_read_whole_or_refused_with_a_reason(string name)
    {
        if (name.Length == 0)
        {
            return;
        }

        var sink = Reading.Paths(new ReaderOptions(), Path.Combine(Folder!, name));
        if (Refused.Contains(name))
        {
            Assert.Contains(sink.Diagnostics, d => d.Code == Notice.RefusedForm.Code);
            Assert.Empty(sink.Events);
            return;
        }

        Assert.DoesNotContain(sink.Diagnostics, d => d.Severity == Severity.Error);
        Assert.All(sink.Sources, s => Assert.Equal(0, s.Skipped));
        Assert.True(sink.Sources.Count == 1 || sink.Diagnostics.Exists(d => d.Code == Notice.Ignored.Code || d.Code == Notice.Empty.Code));
        if (Traces.TryGetValue(name, out var want))
        {
            Assert.Equal(want, (sink.Sources[0].Format, sink.Events.Select(e => e.Line).Distinct().Count()));
        }
    }

    /// <summary>Every rendering of one recording says the same: time, event, device, address, size.</summary>
    [Theory]
    [InlineData("A73/v6.dat.zst", "A73/v6-converted.dat.zst")]
    [InlineData("A73/v6.dat.zst", "A73/report-v6.txt")]
    [InlineData("A73/v7zstd.dat.zst", "A73/report-v7zstd.txt")]
    [InlineData("A73/v6inst.dat.zst", "A73/report-v6inst.txt")]
    [InlineData("A73/v6stack.dat.zst", "A73/report-v6stack.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep-N.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep-R.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep-V.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep-l.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep-t.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep-w.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep--ts-diff.txt")]
    [InlineData("A73/v6.dat.zst", "reports/rep-t--ts-diff.txt")]
    public void Renderings_agree(string one, string other)
    {
        if (Folder is null || !Directory.Exists(Folder))
        {
            return;
        }

        // Without its plug-ins trace-cmd prints the bytes of a SCSI command, up to the first NUL: there is no transfer length in that.
        var hasCommands = !other.EndsWith("-N.txt", StringComparison.Ordinal) && !other.EndsWith("-R.txt", StringComparison.Ordinal);
        var first = Tuples(Reading.Paths(new ReaderOptions(), Path.Combine(Folder, one)), roundUp: true, hasCommands);
        var second = Tuples(Reading.Paths(new ReaderOptions(), Path.Combine(Folder, other)), roundUp: true, hasCommands);
        Assert.Equal(first.Order(StringComparer.Ordinal), second.Order(StringComparer.Ordinal));
    }

    /// <summary>The text samples of perf are the beginnings of what it prints.</summary>
    [Theory]
    [InlineData("Q73/perf.data", "Q73/perf-script.txt")]
    [InlineData("Q73/perf.data", "Q73/perf-script-F.txt")]
    [InlineData("Q73/perf.data", "Q73/perf-script-header.txt")]
    [InlineData("Q73/perf-g.data", "Q73/perf-script-g.txt")]
    [InlineData("A73/perf-g.data", "A73/perf-script-g.txt")]
    public void Perf_script_is_a_beginning_of_perf_data(string binary, string text)
    {
        if (Folder is null || !Directory.Exists(Folder))
        {
            return;
        }

        var whole = Tuples(Reading.Paths(new ReaderOptions(), Path.Combine(Folder, binary)), roundUp: false, hasCommands: false);
        var part = Tuples(Reading.Paths(new ReaderOptions(), Path.Combine(Folder, text)), roundUp: false, hasCommands: false);
        Assert.True(part.Length > 8);

        // Its last event may be cut by the end of the sample.
        Assert.Equal(whole[..(part.Length - 1)], part[..^1]);
    }

    /// <summary>trace-cmd rounds its stamps to microseconds, perf cuts them.</summary>
    private static string[] Tuples(RecordingSink sink, bool roundUp, bool hasCommands) =>
    [
        .. sink.Events.Select(e => FormattableString.Invariant(
            $"{(e.TimeNs + (roundUp ? 500 : 0)) / 1000} {e.Kind} {sink.Text(e.NameId)} {e.Cpu} {e.Pid} {sink.Text(e.DeviceId)} {sink.Text(e.ConsumerId)} {e.DmaAddr:x} {e.PhysAddr:x} {(hasCommands || !IsScsi(e.Kind) ? e.Bytes : 0)} {e.Units} {e.Direction} {e.Arg} {e.StateCount}")),
    ];

    private static bool IsScsi(EventKind kind) => kind is EventKind.ScsiStart or EventKind.ScsiDone or EventKind.ScsiError or EventKind.ScsiTimeout;
}
