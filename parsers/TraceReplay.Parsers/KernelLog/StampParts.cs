using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>The pieces time stamps are made of.</summary>
internal static class StampParts
{
    private const long NanosecondsPerTick = 100;

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Reads <c>06:13:21</c> with decimals.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Moved behind it.</param>
    /// <param name="ofDay">Nanoseconds since midnight.</param>
    /// <returns>False if it is no time.</returns>
    public static bool Clock(ReadOnlySpan<byte> line, ref int at, out long ofDay)
    {
        ofDay = 0;
        if (!Two(line, ref at, out var hour) || !Skip(line, ref at, ':') || !Two(line, ref at, out var minute) || !Skip(line, ref at, ':')
            || !Two(line, ref at, out var second) || hour > 24 || minute > 59 || second > 60)
        {
            return false;
        }

        ofDay = ((((hour * 60L) + minute) * 60) + second) * 1_000_000_000L;
        if (at < line.Length && line[at] is (byte)'.' or (byte)',')
        {
            var p = at + 1;
            long scale = 100_000_000;
            while (p < line.Length && Ascii.IsDigit(line[p]) && scale > 0)
            {
                ofDay += (line[p++] - '0') * scale;
                scale /= 10;
            }

            at = p;
        }

        return true;
    }

    /// <summary>Reads <c>Z</c>, <c>+02:00</c>, <c>+0200</c>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Moved behind it.</param>
    /// <param name="offset">Nanoseconds ahead of UTC.</param>
    /// <returns>False if no zone stands there.</returns>
    public static bool Zone(ReadOnlySpan<byte> line, ref int at, out long offset)
    {
        offset = 0;
        if (at < line.Length && line[at] == (byte)'Z')
        {
            at++;
            return true;
        }

        if (at >= line.Length || line[at] is not ((byte)'+' or (byte)'-'))
        {
            return false;
        }

        var sign = line[at] == (byte)'+' ? 1 : -1;
        var p = at + 1;
        if (!Two(line, ref p, out var hours))
        {
            return false;
        }

        _ = Skip(line, ref p, ':');
        _ = Two(line, ref p, out var minutes);
        offset = sign * ((hours * 60L) + minutes) * 60_000_000_000L;
        at = p;
        return true;
    }

    /// <summary>Turns a date into nanoseconds since 1970.</summary>
    /// <param name="year">Year.</param>
    /// <param name="month">1 to 12.</param>
    /// <param name="day">1 to 31.</param>
    /// <param name="nanoseconds">The result.</param>
    /// <returns>False if there is no such date.</returns>
    public static bool Date(int year, int month, int day, out long nanoseconds)
    {
        nanoseconds = 0;
        if (year is < 1970 or > 2200 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        nanoseconds = (new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).Ticks * NanosecondsPerTick;
        return true;
    }

    /// <summary>The number of a month, by the abbreviations that C libraries and journals print in European languages.</summary>
    /// <param name="word">The word, a full stop at its end or not.</param>
    /// <returns>1 to 12, 0 if it is none.</returns>
    public static int Month(ReadOnlySpan<byte> word)
    {
        var index = word.Length == 3 ? Months.IndexOf(word) : -1;
        return index >= 0 && index % 3 == 0 ? (index / 3) + 1 : MonthNames.Find(word);
    }

    /// <summary>Reads a word of letters, also accented ones.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Moved behind it.</param>
    /// <param name="word">The word.</param>
    /// <returns>False if it has fewer than 3 or more than 12.</returns>
    public static bool Letters(ReadOnlySpan<byte> line, ref int at, out ReadOnlySpan<byte> word)
    {
        var start = at;
        while (at < line.Length && (((line[at] | 0x20) >= (byte)'a' && (line[at] | 0x20) <= (byte)'z') || line[at] >= 0x80 || line[at] == (byte)'.'))
        {
            at++;
        }

        word = line[start..at];
        return word.Length is >= 3 and <= 24;
    }

    /// <summary>Reads two digits.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Moved behind them.</param>
    /// <param name="value">The number.</param>
    /// <returns>False if they are no two digits.</returns>
    public static bool Two(ReadOnlySpan<byte> line, ref int at, out int value)
    {
        value = 0;
        if (at + 2 > line.Length || !Ascii.IsDigit(line[at]) || !Ascii.IsDigit(line[at + 1]))
        {
            return false;
        }

        value = ((line[at] - '0') * 10) + line[at + 1] - '0';
        at += 2;
        return true;
    }

    /// <summary>Passes over one character.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Moved behind it.</param>
    /// <param name="c">The character.</param>
    /// <returns>False if another stands there.</returns>
    public static bool Skip(ReadOnlySpan<byte> line, ref int at, char c)
    {
        if (at >= line.Length || line[at] != (byte)c)
        {
            return false;
        }

        at++;
        return true;
    }

    /// <summary>Passes over blanks.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">Moved behind them.</param>
    public static void SkipBlanks(ReadOnlySpan<byte> line, ref int at)
    {
        while (at < line.Length && line[at] == (byte)' ')
        {
            at++;
        }
    }
}
