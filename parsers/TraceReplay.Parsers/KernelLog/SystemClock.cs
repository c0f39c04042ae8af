using System.Globalization;
using System.Text;
using TraceReplay.Core;
using Ascii = TraceReplay.Parsers.Text.Ascii;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>The line with which the kernel sets its clock: <c>setting system clock to 2006-01-31T08:42:05 UTC (1138696925)</c>
/// (rtc_hctosys of drivers/rtc/hctosys.c, 2.6.20 to 5.0, and drivers/rtc/class.c since). It tells the year, and when the machine booted.</summary>
internal static class SystemClock
{
    /// <summary>Hands over what the line tells.</summary>
    /// <param name="job">The source.</param>
    /// <param name="text">What stands behind <c>system clock to</c>.</param>
    /// <param name="line">Its line.</param>
    /// <param name="bootNumber">Number of its boot.</param>
    /// <param name="source">Where it stands.</param>
    public static void Take(SourceJob job, string text, scoped in LogLine line, int bootNumber, SourceRef source)
    {
        if (Parse(Encoding.UTF8.GetBytes(text)) is not { } time)
        {
            return;
        }

        job.Years?.Stated(PendingTime.Is(line.TimeNs) ? line.TimeNs : line.WallNs, time, source.Line);
        if (line.Clock == ClockDomain.BootPrintk && line.TimeNs != TraceEvent.NoTime)
        {
            var boot = time - line.TimeNs;
            job.Fact(new ClockOffsetFact(ClockDomain.BootPrintk, ClockDomain.WallUtc, boot, source) { Boot = bootNumber, SpreadNs = 1_000_000_000L });
            job.Fact(new MachineFact(source) { BootTime = DateTime.UnixEpoch.AddTicks(boot / 100).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) });
        }
    }

    private static long? Parse(ReadOnlySpan<byte> text)
    {
        const int LongestDate = 32;
        const ulong Last = 7_258_118_400;
        var open = text.LastIndexOf((byte)'(') + 1;
        if (open > 0 && Ascii.Decimal(text, ref open, out var seconds) && open < text.Length && text[open] == (byte)')' && seconds is > 0 and < Last)
        {
            return (long)seconds * 1_000_000_000L;
        }

        var at = 0;
        var date = text[..Math.Min(text.Length, LongestDate)];
        return LogStamp.Iso(date, ref at, out var time, out _, out _) ? time : null;
    }
}
