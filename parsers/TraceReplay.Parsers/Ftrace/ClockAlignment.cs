using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Aligns the trace's clock with the kernel log's and with uptime, by markers that carry an uptime
/// (<c>swiotlb_sample uptime=24.71</c>) or that stand in both (<c>SCN: ...</c>). Writing only ever adds delay, so the least
/// difference is the best.</summary>
internal sealed class ClockAlignment(SourceJob job)
{
    private long _toUptime = long.MaxValue;
    private long _toLog = long.MaxValue;
    private long _uptimeLine;
    private long _logLine;

    /// <summary>Looks at a marker.</summary>
    /// <param name="context">Its line.</param>
    /// <param name="text">Its text.</param>
    public void Marker(in LineContext context, ReadOnlySpan<byte> text)
    {
        const int Prefix = 22;
        var at = Prefix;
        if (text.StartsWith("swiotlb_sample uptime="u8))
        {
            if (Ascii.Seconds(text, ref at, out var uptime, out var decimals) && decimals > 0)
            {
                Least(context, uptime, ref _toUptime, ref _uptimeLine);
            }
        }
        else if (text.StartsWith("SCN:"u8) && job.Incident.LogMarkers.Count > 0
            && job.Incident.LogMarkers.TryGetValue(System.Text.Encoding.UTF8.GetString(text), out var logged))
        {
            Least(context, logged, ref _toLog, ref _logLine);
        }
    }

    /// <summary>States the offsets found.</summary>
    public void Finish()
    {
        if (_toUptime != long.MaxValue)
        {
            job.Fact(new ClockOffsetFact(job.Clock, ClockDomain.Boot, -_toUptime, job.At(_uptimeLine)));
        }

        if (_toLog != long.MaxValue)
        {
            job.Fact(new ClockOffsetFact(job.Clock, ClockDomain.BootPrintk, -_toLog, job.At(_logLine)));
        }
    }

    private static void Least(in LineContext context, long other, ref long least, ref long line)
    {
        var difference = context.TimeNs - other;
        if (difference < least)
        {
            least = difference;
            line = context.Line;
        }
    }
}
