using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>The columns of the latency format (kernel/trace/trace_output.c, trace_print_lat_context), also with option
/// verbose, and of <c>trace-cmd report -l</c> (spec formats.md 2.1, 2.2). Task names are cut to eight characters in the short form.</summary>
internal static class LatencyHeader
{
    // An instance, "%8.8s-%-7d %3d", flags and stamp end well before this column.
    private const int SearchWidth = 100;

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="header">The parts.</param>
    /// <returns>False if the line is no event line of this form.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LineHeader header)
    {
        header = default;
        var window = line[..Math.Min(line.Length, SearchWidth)];
        for (var dash = window.LastIndexOf((byte)'-'); dash > 0; dash = window[..dash].LastIndexOf((byte)'-'))
        {
            if (Short(line, dash + 1, ref header))
            {
                header.Comm = line[..dash].TrimStart((byte)' ');
                return !header.Comm.IsEmpty;
            }
        }

        for (var from = 0; window[from..].IndexOf((byte)'[') is >= 0 and var found; from += found + 1)
        {
            if (Verbose(line, from + found, ref header))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary><c>10        0d..1. 920359us+: event: body</c>: the flags follow the CPU without a blank.</summary>
    private static bool Short(ReadOnlySpan<byte> line, int at, ref LineHeader header)
    {
        if (!Ascii.Decimal(line, ref at, out var pid) || pid > int.MaxValue || at >= line.Length || line[at] != (byte)' ')
        {
            return false;
        }

        SkipBlanks(line, ref at);
        if (!Ascii.Decimal(line, ref at, out var cpu) || cpu > 65535)
        {
            return false;
        }

        var flags = line[at..];
        var length = flags.IndexOf((byte)' ');
        if (length is < 3 or > 6)
        {
            return false;
        }

        at += length;
        SkipBlanks(line, ref at);
        if (!Ascii.Seconds(line, ref at, out var time, out var decimals))
        {
            return false;
        }

        var isRelative = line[at..].StartsWith("us"u8);
        if (isRelative)
        {
            // Microseconds since the trace began, and a mark for the delay that follows.
            at += 2;
            at += at < line.Length && line[at] != (byte)':' ? 1 : 0;
            if (time > long.MaxValue / 1000 || decimals > 0)
            {
                return false;
            }

            (time, decimals) = (time * 1000, 6);
        }

        if (at >= line.Length || line[at] != (byte)':' || !header.NameAndBody(line[(at + 1)..]))
        {
            return false;
        }

        (header.Pid, header.Cpu, header.Time, header.Decimals) = ((int)pid, (int)cpu, time, decimals);
        header.Interrupt = flags[2] is (byte)'h' or (byte)'H' or (byte)'s';
        header.IsRelative = isRelative;
        return true;
    }

    /// <summary><c>dd 266 0 0 00000001 00000000 [02cd9b99] 854.313ms (+0.330ms): event: body</c>; the bracket holds
    /// microseconds of the trace's clock, or its bare number where the clock does not count nanoseconds.</summary>
    private static bool Verbose(ReadOnlySpan<byte> line, int bracket, ref LineHeader header)
    {
        var at = bracket + 1;
        if (!Ascii.Hex(line, ref at, out var stamp) || at - bracket < 9 || !line[at..].StartsWith("] "u8) || stamp > long.MaxValue / 1000)
        {
            return false;
        }

        at += 2;
        var difference = line[at..].IndexOf(" (+"u8);
        var end = line[at..].IndexOf("): "u8);
        if (difference is < 1 or > 24 || end < difference || end > 60)
        {
            return false;
        }

        var isTime = line.Slice(at, difference).EndsWith("ms"u8);
        var before = line[..bracket];
        if (!Word(ref before, out _) || !Word(ref before, out _) || !Word(ref before, out var flags) || !Word(ref before, out var cpu)
            || !Word(ref before, out var pid) || pid > int.MaxValue || cpu > 65535 || !header.NameAndBody(line[(at + end + 3)..]))
        {
            return false;
        }

        header.Comm = before.Trim((byte)' ');
        (header.Pid, header.Cpu) = ((int)pid, (int)cpu);

        // TRACE_FLAG_HARDIRQ 0x08, TRACE_FLAG_SOFTIRQ 0x10 (include/linux/trace_events.h).
        header.Interrupt = (flags & 0x18) != 0;
        (header.Time, header.Decimals) = isTime ? ((long)stamp * 1000, 6) : ((long)stamp, 0);
        return true;
    }

    /// <summary>Takes the last word, a number, off; hexadecimal ones only need to be there.</summary>
    private static bool Word(ref ReadOnlySpan<byte> text, out ulong value)
    {
        text = text.TrimEnd((byte)' ');
        var blank = text.LastIndexOf((byte)' ');
        var word = text[(blank + 1)..];
        text = text[..Math.Max(blank, 0)];
        var at = 0;
        return Ascii.Whole(word, out value) || (Ascii.Hex(word, ref at, out value) && at == word.Length);
    }

    private static void SkipBlanks(ReadOnlySpan<byte> line, ref int at)
    {
        while ((uint)at < (uint)line.Length && line[at] == (byte)' ')
        {
            at++;
        }
    }
}
