using TraceReplay.Parsers.Text;
using static TraceReplay.Parsers.KernelLog.StampParts;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Kernel lines as Android's logcat prints them (<c>-b kernel -v threadtime</c>):
/// <c>05-09 12:34:56.789     0     0 W cma     : text</c>.</summary>
internal static class Logcat
{
    /// <summary>Reads stamp, process, thread, level and tag.</summary>
    /// <param name="line">The line.</param>
    /// <param name="at">At the stamp; moved to the message.</param>
    /// <param name="time">A <see cref="PendingTime"/>.</param>
    /// <returns>False if it is no such line; nothing is moved then.</returns>
    public static bool Stamp(ReadOnlySpan<byte> line, ref int at, out long time)
    {
        time = Core.TraceEvent.NoTime;
        var p = at;
        if (!Two(line, ref p, out var month) || !Skip(line, ref p, '-') || !Two(line, ref p, out var day) || !Skip(line, ref p, ' ')
            || !Clock(line, ref p, out var ofDay) || PendingTime.Of(month, day, ofDay) is var stamp && stamp == Core.TraceEvent.NoTime)
        {
            return false;
        }

        SkipBlanks(line, ref p);
        var hasProcess = Ascii.Decimal(line, ref p, out _);
        SkipBlanks(line, ref p);
        if (!hasProcess || !Ascii.Decimal(line, ref p, out _))
        {
            return false;
        }

        SkipBlanks(line, ref p);
        if (p + 2 >= line.Length || line[p] is not (>= (byte)'A' and <= (byte)'Z') || line[p + 1] != (byte)' ')
        {
            return false;
        }

        // The kernel's messages have their own subsystem as tag, or none: it belongs to the message where it is a word.
        p += 2;
        var colon = line[p..].IndexOf(": "u8);
        var tag = colon < 0 ? default : line.Slice(p, colon).Trim((byte)' ');
        p += tag.IsEmpty && colon >= 0 ? colon + 2 : 0;
        time = stamp;
        at = p;
        return true;
    }
}
