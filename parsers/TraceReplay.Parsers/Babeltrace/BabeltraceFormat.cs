using TraceReplay.Core;
using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Babeltrace;

/// <summary>Text of <c>babeltrace2</c> over a CTF recording of LTTng or perf.</summary>
internal sealed class BabeltraceFormat : IFormat
{
    // 1e9 s after 1970 is 2001: no machine is up that long.
    private const long WallNs = 1_000_000_000L * 1_000_000_000L;

    /// <inheritdoc/>
    public string Name => "babeltrace";

    /// <inheritdoc/>
    public string Description => "text of babeltrace2: CTF recordings of LTTng or perf";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var share = HeadLines.Share(input.Head, 200, line => BabeltraceLine.Is(line) || IsWarning(line));
        var events = HeadLines.Share(input.Head, 200, BabeltraceLine.Is);
        return share >= 60 && events >= 30 ? new ProbeResult(93, $"{share} % lines of babeltrace2") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var trace = new TraceLines(job);
        var lines = job.OpenLines();
        var parts = new BabeltraceLine();
        var isFirst = true;
        while (lines.Next(out var line))
        {
            if (parts.TryParse(line, out var header))
            {
                if (isFirst)
                {
                    // perf's recordings count from the boot, and babeltrace2 prints that as a time of day, too.
                    var isPerf = line.IndexOf("perf_ip = "u8) >= 0;
                    trace.KnownClock(isPerf ? ClockDomain.FtraceLocal
                        : parts.IsWallTime ? ClockDomain.WallLocalUnknownZone
                        : header.Time >= WallNs ? ClockDomain.WallUtc : ClockDomain.Mono);
                    isFirst = false;
                }

                job.Understood++;
                trace.Event(trace.Context(header, lines.LineNumber), header.Name, parts.Body);
            }
            else if (IsWarning(line))
            {
                job.Comments++;
                Loss(trace, lines.LineNumber, line);
            }
            else
            {
                job.Comments += line.IsEmpty ? 1 : 0;
                job.Skipped += line.IsEmpty ? 0 : 1;
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        trace.Finish();
        Accounts.Report(job, lines, "events of babeltrace2");
    }

    private static bool IsWarning(ReadOnlySpan<byte> line) =>
        line.StartsWith("WARNING:"u8) || line.StartsWith("[warning]"u8) || line.IndexOf("racer discarded "u8) >= 0;

    /// <summary><c>Tracer discarded 123 events between [..] and [..] in trace ...</c>.</summary>
    private static void Loss(TraceLines trace, long number, ReadOnlySpan<byte> line)
    {
        var at = line.IndexOf("discarded "u8) + "discarded ".Length;
        if (at >= "discarded ".Length && Ascii.Decimal(line, ref at, out var lost))
        {
            trace.Loss(number, -1, (long)Math.Min(lost, int.MaxValue));
        }
    }
}
