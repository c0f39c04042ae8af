using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Takes envelopes off log lines, layer by layer: quoting, level, stamp, host and tag, inner stamp. Each line is
/// judged by itself, because shapes change within a file (daemon upgrades, pastes).</summary>
internal static class Envelope
{
    /// <summary>Takes the envelope off.</summary>
    /// <param name="line">The line.</param>
    /// <returns>Its parts.</returns>
    public static LogLine Strip(ReadOnlySpan<byte> line)
    {
        var result = new LogLine { TimeNs = TraceEvent.NoTime, Level = -1 };
        var at = Quoting.Length(line);
        Level(line, ref at, ref result);
        if (Kmsg(line, ref at, ref result))
        {
            result.Message = line[at..];
            return result;
        }

        FacilityAndLevel(line, ref at, ref result);
        Stamps(line, ref at, ref result);
        result.Message = line[at..];
        return result;
    }

    /// <summary>Whether a line has an envelope that only a log has.</summary>
    /// <param name="line">The line.</param>
    /// <returns>True for stamped lines.</returns>
    public static bool IsStamped(ReadOnlySpan<byte> line) => ClockOf(line) != ClockDomain.None;

    /// <summary>The clock of a line as it stands in a file, colours and all.</summary>
    /// <param name="line">The line.</param>
    /// <returns>The clock, None without a stamp.</returns>
    public static ClockDomain ClockOf(ReadOnlySpan<byte> line)
    {
        byte[] buffer = [];
        var clean = Strip(LogText.Clean(line, ref buffer));
        return clean.HasStamp ? clean.Clock : ClockDomain.None;
    }

    private static void Stamps(ReadOnlySpan<byte> line, ref int at, ref LogLine result)
    {
        // RFC 5424: version 1 between level and stamp.
        var isStructured = result.Level >= 0 && line[at..].StartsWith("1 "u8);
        at += isStructured ? 2 : 0;
        if (LogStamp.Bracket(line, ref at, out var time, out var clock))
        {
            Set(ref result, time, clock);
            BootStamp(line, ref at, ref result);
            Task(line, ref at);
            SyslogHead.KernelTag(line, ref at);
            return;
        }

        var hasHost = true;
        if (LogStamp.Iso(line, ref at, out time, out clock, out var isDmesg))
        {
            hasHost = !isDmesg;
            Set(ref result, time, clock);
        }
        else if (LogStamp.Unix(line, ref at, out time))
        {
            Set(ref result, time, ClockDomain.WallUtc);
        }
        else if (LogStamp.Traditional(line, ref at, out time) || Logcat.Stamp(line, ref at, out time))
        {
            Set(ref result, time, ClockDomain.WallLocalUnknownZone);
        }
        else
        {
            Foreign(line, ref at, ref result);
            return;
        }

        if (hasHost && !(isStructured && SyslogHead.Structured(line, ref at)))
        {
            result.Host = SyslogHead.HostAndTag(line, ref at);
        }

        Level(line, ref at, ref result);
        if (!ReceivedKmsg(line, ref at, ref result))
        {
            BootStamp(line, ref at, ref result);
        }
    }

    /// <summary>A record of netconsole behind what its receiver wrote: a stamp, the sender's address.</summary>
    private static bool ReceivedKmsg(ReadOnlySpan<byte> line, ref int at, ref LogLine result)
    {
        const int LongestHost = 64;
        var blank = line[at..Math.Min(line.Length, at + LongestHost)].IndexOf((byte)' ');
        var behind = at + blank + 1;
        var before = result;
        if (!Kmsg(line, ref at, ref result))
        {
            if (blank < 0 || !Kmsg(line, ref behind, ref result))
            {
                return false;
            }

            at = behind;
        }

        (result.WallNs, result.WallClock) = before.HasStamp ? (before.TimeNs, before.Clock) : (0, ClockDomain.None);
        return true;
    }

    /// <summary>printk's stamp behind something unknown: a terminal server's or a test system's own stamp, a prompt, a paste.</summary>
    private static void Foreign(ReadOnlySpan<byte> line, ref int at, ref LogLine result)
    {
        const int Longest = 160;
        const int Decimals = 6;
        if (ReceivedKmsg(line, ref at, ref result))
        {
            return;
        }

        var head = line[..Math.Min(line.Length, at + Longest)];
        for (var from = at; from < head.Length; from++)
        {
            var found = head[from..].IndexOf((byte)'[');
            if (found < 0)
            {
                return;
            }

            from += found;
            var p = from;
            if (LogStamp.Bracket(line, ref p, out var time, out var clock) && clock == ClockDomain.BootPrintk && line[from..p].IndexOf((byte)'.') is > 0 and var point
                && line[from..p].IndexOf((byte)']') - point > Decimals)
            {
                at = p;
                Set(ref result, time, clock);
                Task(line, ref at);
                return;
            }
        }
    }

    /// <summary>A boot stamp behind another stamp is the better one.</summary>
    private static void BootStamp(ReadOnlySpan<byte> line, ref int at, ref LogLine result)
    {
        var p = at;
        if (LogStamp.Bracket(line, ref p, out var time, out var clock) && clock == ClockDomain.BootPrintk)
        {
            at = p;
            (result.WallNs, result.WallClock) = (result.TimeNs, result.HasStamp ? result.Clock : ClockDomain.None);
            Set(ref result, time, clock);
        }
    }

    /// <summary>CPU and task of Android kernels: <c>(2)[123:kworker/2:1]</c>, <c>-(0)[0:swapper/0]</c>,
    /// <c>I[2:  kworker/2:1:  123] </c>, <c>[pid: 123, cpu 2] </c>, <c>c2 </c>.</summary>
    private static void Task(ReadOnlySpan<byte> line, ref int at)
    {
        var rest = line[at..];
        if (rest.StartsWith("[pid: "u8) && rest.IndexOf("] "u8) is > 0 and < 60 and var closed)
        {
            at += closed + 2;
            return;
        }

        if (rest is [(byte)'c', >= (byte)'0' and <= (byte)'9', (byte)' ', ..])
        {
            at += 3;
            return;
        }

        var p = at;
        if (p < line.Length && line[p] == (byte)'-')
        {
            p++;
        }

        if (p < line.Length && line[p] == (byte)'(')
        {
            var close = line[p..].IndexOf(")["u8);
            p += close is > 0 and < 5 ? close + 1 : line.Length;
        }
        else if (p + 1 < line.Length && line[p] is >= (byte)'A' and <= (byte)'Z' && line[p + 1] == (byte)'[')
        {
            p++;
        }
        else
        {
            return;
        }

        const int LongestTask = 40;
        var end = p < line.Length && line[p] == (byte)'[' ? line[p..].IndexOf((byte)']') : -1;
        if (end is > 0 and < LongestTask && line.Slice(p, end).Contains((byte)':'))
        {
            at = p + end + 1;
            at += at < line.Length && line[at] == (byte)' ' ? 1 : 0;
        }
    }

    private static void Set(ref LogLine result, long time, ClockDomain clock)
    {
        result.HasStamp = true;
        result.TimeNs = time;
        result.Clock = clock;
    }

    private static void Level(ReadOnlySpan<byte> line, ref int at, ref LogLine result)
    {
        if (at + 2 >= line.Length || line[at] != (byte)'<')
        {
            return;
        }

        var p = at + 1;
        if (Ascii.Decimal(line, ref p, out var priority) && priority < 1000 && p < line.Length && line[p] == (byte)'>')
        {
            result.Level = (int)(priority & 7);
            at = p + 1;
        }
    }

    /// <summary><c>6,339,5140900,-;text</c> of /dev/kmsg and netconsole.</summary>
    private static bool Kmsg(ReadOnlySpan<byte> line, ref int at, ref LogLine result)
    {
        var p = at;

        // netconsole with a release in front: 6.12.117-dyn,5,0,0,-,caller=T0;text.
        var comma = line[p..].IndexOf((byte)',');
        if (comma is > 3 and < 65 && line.Slice(p, comma).Contains((byte)'.') && !line.Slice(p, comma).Contains((byte)' '))
        {
            p += comma + 1;
        }

        if (p >= line.Length || !Ascii.IsDigit(line[p]) || !Ascii.Decimal(line, ref p, out var priority) || priority > 999 || !Comma(line, ref p)
            || !Ascii.Decimal(line, ref p, out _) || !Comma(line, ref p) || !Ascii.Decimal(line, ref p, out var microseconds) || !Comma(line, ref p)
            || p >= line.Length || line[p] is not ((byte)'-' or (byte)'c' or (byte)'+'))
        {
            return false;
        }

        var end = line[p..].IndexOf((byte)';');
        if (end < 0 || microseconds > long.MaxValue / 1000)
        {
            return false;
        }

        at = p + end + 1;
        result.Level = (int)(priority & 7);
        Set(ref result, (long)microseconds * 1000, ClockDomain.BootPrintk);
        return true;
    }

    /// <summary><c>kern  :info  : </c> of dmesg -x.</summary>
    private static void FacilityAndLevel(ReadOnlySpan<byte> line, ref int at, ref LogLine result)
    {
        var rest = line[at..];
        if (rest.Length < 16 || rest[6] != (byte)':' || rest[13] != (byte)':' || rest[14] != (byte)' ')
        {
            return;
        }

        var level = rest[7..13].TrimEnd((byte)' ');
        result.Level = level switch
        {
            _ when level.SequenceEqual("emerg"u8) => 0,
            _ when level.SequenceEqual("alert"u8) => 1,
            _ when level.SequenceEqual("crit"u8) => 2,
            _ when level.SequenceEqual("err"u8) => 3,
            _ when level.SequenceEqual("warn"u8) => 4,
            _ when level.SequenceEqual("notice"u8) => 5,
            _ when level.SequenceEqual("info"u8) => 6,
            _ when level.SequenceEqual("debug"u8) => 7,
            _ => -1,
        };
        at += result.Level < 0 ? 0 : 15;
    }

    private static bool Comma(ReadOnlySpan<byte> line, ref int at)
    {
        if (at >= line.Length || line[at] != (byte)',')
        {
            return false;
        }

        at++;
        return true;
    }
}
