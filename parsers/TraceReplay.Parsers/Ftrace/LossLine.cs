using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary><c>CPU:3 [LOST 57 EVENTS]</c> of tracefs and <c>CPU:3 [57 EVENTS DROPPED]</c> of trace-cmd.</summary>
internal static class LossLine
{
    /// <summary>Reads such a line.</summary>
    /// <param name="line">Any line.</param>
    /// <param name="cpu">The CPU.</param>
    /// <param name="lost">Events lost, 0 = not said.</param>
    /// <returns>False if it is no such line.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out int cpu, out long lost)
    {
        cpu = -1;
        lost = 0;
        if (!line.StartsWith("CPU:"u8))
        {
            return false;
        }

        var at = 4;
        if (!Ascii.Decimal(line, ref at, out var number) || number > 65535)
        {
            return false;
        }

        cpu = (int)number;
        var rest = line[at..].Trim((byte)' ');
        if (!rest.StartsWith("["u8) || !rest.EndsWith("]"u8) || !rest.Contains((byte)'E'))
        {
            return false;
        }

        var digits = rest.IndexOfAnyInRange((byte)'0', (byte)'9');
        if (digits > 0 && Ascii.Decimal(rest, ref digits, out var count))
        {
            lost = (long)Math.Min(count, long.MaxValue);
        }

        return rest.IndexOf("EVENTS"u8) > 0;
    }
}
