using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.PerfScript;

/// <summary>Columns of <c>perf script</c> (spec formats.md 2.3): there is no dash between task name and id, so the line is
/// entered at the CPU, or where that is not printed at the stamp.</summary>
internal static class PerfLine
{
    private const int SearchWidth = 100;

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="header">The parts.</param>
    /// <returns>False if it is no event line.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LineHeader header)
    {
        header = default;
        if (line.IsEmpty || line[0] == (byte)'\t' || line[0] == (byte)'#')
        {
            return false;
        }

        var window = line[..Math.Min(line.Length, SearchWidth)];
        for (var from = 0; ;)
        {
            var found = window[from..].IndexOf((byte)'[');
            if (found < 0)
            {
                return false;
            }

            var bracket = from + found;
            if (AtBracket(line, bracket, ref header))
            {
                return true;
            }

            from = bracket + 1;
        }
    }

    private static bool AtBracket(ReadOnlySpan<byte> line, int bracket, ref LineHeader header)
    {
        var at = bracket + 1;
        if (!Ascii.Decimal(line, ref at, out var cpu) || at - bracket < 4 || cpu > 65535 || at >= line.Length || line[at] != (byte)']')
        {
            return false;
        }

        var before = line[..bracket].TrimEnd((byte)' ');
        var blank = before.LastIndexOf((byte)' ');
        if (blank < 0)
        {
            return false;
        }

        var ids = before[(blank + 1)..];
        var slash = ids.IndexOf((byte)'/');
        if (!Ascii.Whole(ids[(slash + 1)..], out var pid) || pid > int.MaxValue)
        {
            return false;
        }

        header.Comm = before[..blank].Trim((byte)' ');
        header.Cpu = (int)cpu;
        header.Pid = (int)pid;
        return AfterCpu(line[(at + 1)..].TrimStart((byte)' '), ref header);
    }

    private static bool AfterCpu(ReadOnlySpan<byte> rest, ref LineHeader header)
    {
        if (!rest.IsEmpty && !Ascii.IsDigit(rest[0]))
        {
            var flags = rest.IndexOf((byte)' ');
            if (flags is < 3 or > 7)
            {
                return false;
            }

            rest = rest[flags..].TrimStart((byte)' ');
        }

        var at = 0;
        if (!Ascii.Seconds(rest, ref at, out header.Time, out header.Decimals) || header.Decimals < 6 || at >= rest.Length || rest[at] != (byte)':')
        {
            return false;
        }

        rest = rest[(at + 1)..].TrimStart((byte)' ');
        var period = 0;
        if (Ascii.Decimal(rest, ref period, out _) && period < rest.Length && rest[period] == (byte)' ')
        {
            rest = rest[period..].TrimStart((byte)' ');
        }

        return NameAndBody(rest, ref header);
    }

    private static bool NameAndBody(ReadOnlySpan<byte> rest, ref LineHeader header)
    {
        var end = rest.IndexOf(": "u8);
        end = end < 0 && rest.EndsWith(":"u8) ? rest.Length - 1 : end;
        if (end <= 0 || rest[..end].Contains((byte)' '))
        {
            return false;
        }

        header.Name = rest[..end];
        header.Body = rest[Math.Min(rest.Length, end + 2)..];
        return true;
    }
}
