using TraceReplay.Core;
using TraceReplay.Parsers.Text;
using static TraceReplay.Parsers.KernelLog.StampParts;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Time stamps in front of log lines (spec formats.md 1.1 to 1.7). Every reader moves behind the stamp it knows.</summary>
internal static class LogStamp
{
    /// <summary>Reads what stands in brackets: <c>[   12.345678]</c>, <c>[   29.063809 &lt;   18.465003&gt;]</c>,
    /// <c>[Sun Nov 22 06:23:38 2026]</c>, <c>[Nov22 06:23]</c>, <c>[  +0.000754]</c>, <c>[&lt;   18.465003&gt;]</c>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">At the bracket; moved behind the stamp and the blank after it.</param>
    /// <param name="time">Nanoseconds in the clock.</param>
    /// <param name="clock">The clock.</param>
    /// <returns>False if it is no stamp.</returns>
    public static bool Bracket(ReadOnlySpan<byte> line, ref int at, out long time, out ClockDomain clock)
    {
        time = TraceEvent.NoTime;
        clock = ClockDomain.None;
        if (at >= line.Length || line[at] != (byte)'[')
        {
            return false;
        }

        const int Longest = 48;
        var close = line.Slice(at, Math.Min(Longest, line.Length - at)).IndexOf((byte)']');
        if (close < 0)
        {
            return false;
        }

        var inside = line.Slice(at + 1, close - 1).TrimStart((byte)' ');
        if (!Inside(inside, out time, out clock))
        {
            return false;
        }

        at += close + 1;
        Caller(line, ref at);
        if (at < line.Length && line[at] == (byte)' ')
        {
            at++;
        }

        return true;
    }

    /// <summary>Reads <c>2026-11-22T06:23:38,063809+00:00</c> with its variants, maybe with a weekday in front.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">At the stamp; moved behind stamp and blank.</param>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <param name="clock">UTC where a zone is told.</param>
    /// <param name="isDmesg">Decimals behind a comma: dmesg prints them so, and no host.</param>
    /// <returns>False if it is no such stamp.</returns>
    public static bool Iso(ReadOnlySpan<byte> line, ref int at, out long time, out ClockDomain clock, out bool isDmesg)
    {
        time = TraceEvent.NoTime;
        clock = ClockDomain.WallLocalUnknownZone;
        isDmesg = false;
        var p = at;
        if (line.Length > p + 14 && line[p + 3] == (byte)' ' && Ascii.IsDigit(line[p + 4]) && line[p + 8] == (byte)'-')
        {
            p += 4;
        }

        if (!Two(line, ref p, out var century) || !Two(line, ref p, out var years) || !Skip(line, ref p, '-') || !Two(line, ref p, out var month)
            || !Skip(line, ref p, '-') || !Two(line, ref p, out var day) || p >= line.Length || (line[p] != (byte)'T' && line[p] != (byte)' '))
        {
            return false;
        }

        isDmesg = line.Length > ++p + 8 && line[p + 8] == (byte)',';
        if (!Clock(line, ref p, out var ofDay) || !Date((century * 100) + years, month, day, out var date))
        {
            return false;
        }

        time = date + ofDay;
        if (Zone(line, ref p, out var offset))
        {
            time -= offset;
            clock = ClockDomain.WallUtc;
        }
        else if (line[p..].StartsWith(" UTC "u8))
        {
            p += " UTC".Length;
            clock = ClockDomain.WallUtc;
        }

        at = p;
        return Skip(line, ref at, ' ') || p == line.Length;
    }

    /// <summary>Reads <c>1795328001.234567</c> of journalctl -o short-unix.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">At the number; moved behind it and the blank.</param>
    /// <param name="time">Nanoseconds since 1970.</param>
    /// <returns>False if it is no such stamp.</returns>
    public static bool Unix(ReadOnlySpan<byte> line, ref int at, out long time)
    {
        var p = at;
        if (!Ascii.Seconds(line, ref p, out time, out var decimals) || decimals != 6 || p - at != 17 || !Skip(line, ref p, ' '))
        {
            return false;
        }

        at = p;
        return true;
    }

    /// <summary>Reads <c>Nov 22 06:13:21</c>, with decimals or a year behind it, maybe with a weekday in front. A month in
    /// another language gives no time.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">At the month; moved behind stamp and blank.</param>
    /// <param name="time">A <see cref="PendingTime"/>, or nanoseconds since 1970 if the year is told.</param>
    /// <returns>False if it is no such stamp.</returns>
    public static bool Traditional(ReadOnlySpan<byte> line, ref int at, out long time)
    {
        time = TraceEvent.NoTime;
        var p = at;
        if (!Letters(line, ref p, out var word) || !Skip(line, ref p, ' '))
        {
            return false;
        }

        if (p < line.Length && line[p] > (byte)'9' && Letters(line, ref p, out var second) && Skip(line, ref p, ' '))
        {
            word = second;
        }

        SkipBlanks(line, ref p);
        if (!Ascii.Decimal(line, ref p, out var day) || day is 0 or > 31 || !Skip(line, ref p, ' ') || !Clock(line, ref p, out var ofDay))
        {
            return false;
        }

        int? year = null;
        var q = p;
        if (Skip(line, ref q, ' ') && Two(line, ref q, out var century) && Two(line, ref q, out var years) && (q == line.Length || line[q] is (byte)' ' or (byte)']'))
        {
            year = (century * 100) + years;
            p = q;
        }

        var month = Month(word);
        time = year is null ? PendingTime.Of(month, (int)day, ofDay)
            : month > 0 && Date(year.Value, month, (int)day, out var date) ? date + ofDay : TraceEvent.NoTime;
        at = p;
        return Skip(line, ref at, ' ') || p == line.Length;
    }

    private static bool Inside(ReadOnlySpan<byte> inside, out long time, out ClockDomain clock)
    {
        var at = 0;
        time = TraceEvent.NoTime;
        clock = ClockDomain.BootPrintk;
        if (inside.IsEmpty)
        {
            return false;
        }

        if (inside.Length > 10 && inside[4] == (byte)'-')
        {
            return Iso(inside, ref at, out time, out clock, out _);
        }

        if (Ascii.IsDigit(inside[0]))
        {
            return Ascii.Seconds(inside, ref at, out time, out var decimals) && decimals >= 3
                && (at == inside.Length || inside[at] is (byte)' ' or (byte)'<' or (byte)'@');
        }

        if (inside[0] is (byte)'+' or (byte)'<')
        {
            clock = ClockDomain.Relative;
            var number = inside[1..].TrimStart((byte)' ');
            return Ascii.Seconds(number, ref at, out time, out var decimals) && decimals == 6;
        }

        clock = ClockDomain.WallLocalUnknownZone;
        return Traditional(inside, ref at, out time) || Reltime(inside, out time);
    }

    /// <summary><c>Nov22 06:23</c>: a minute, once per minute.</summary>
    private static bool Reltime(ReadOnlySpan<byte> inside, out long time)
    {
        time = TraceEvent.NoTime;
        var at = 0;
        if (inside.Length != 11 || !Letters(inside[..3], ref at, out var word) || Month(word) == 0 || !Two(inside, ref at, out var day)
            || !Skip(inside, ref at, ' ') || !Two(inside, ref at, out var hour) || !Skip(inside, ref at, ':') || !Two(inside, ref at, out var minute))
        {
            return false;
        }

        time = hour < 24 && minute < 60 ? PendingTime.Of(Month(word), day, ((hour * 60L) + minute) * 60_000_000_000L) : TraceEvent.NoTime;
        return time != TraceEvent.NoTime;
    }

    /// <summary><c>[    T0]</c>, <c>[   C1]</c> of CONFIG_PRINTK_CALLER.</summary>
    private static void Caller(ReadOnlySpan<byte> line, ref int at)
    {
        if (at >= line.Length || line[at] != (byte)'[')
        {
            return;
        }

        var close = line[at..].IndexOf((byte)']');
        var inside = close is > 1 and < 12 ? line.Slice(at + 1, close - 1).TrimStart((byte)' ') : default;
        if (inside.Length >= 2 && inside[0] is (byte)'T' or (byte)'C' && !inside[1..].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            at += close + 1;
        }
    }
}
