using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.PerfScript;

/// <summary>Columns of <c>perf script</c> (spec formats.md 2.3): option -F leaves any of them out and there is no dash between
/// task name and id, so the line is entered at the CPU or, where that is not printed, at the stamp.</summary>
internal static class PerfLine
{
    private const int SearchWidth = 120;

    // Stamps have six decimals, nine with --ns.
    private const int FewestDecimals = 6;

    /// <summary>Splits a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="header">The parts.</param>
    /// <returns>False if it is no event line.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LineHeader header)
    {
        header = default;
        if (!CanBegin(line))
        {
            return false;
        }

        var window = line[..Math.Min(line.Length, SearchWidth)];
        for (var from = 0; window[from..].IndexOf((byte)'[') is >= 0 and var found; from += found + 1)
        {
            if (AtBracket(line, from + found, ref header))
            {
                return true;
            }
        }

        for (var from = 0; window[from..].IndexOf((byte)'.') is >= 0 and var found; from += found + 1)
        {
            if (AtPoint(line, from + found, ref header))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Splits a line that has no time: it is entered at the event's name, which holds its system.</summary>
    /// <param name="line">The line.</param>
    /// <param name="header">The parts but the time.</param>
    /// <returns>False if no event's name stands in it.</returns>
    public static bool TryParseWithoutTime(ReadOnlySpan<byte> line, out LineHeader header)
    {
        header = default;
        if (!CanBegin(line))
        {
            return false;
        }

        var window = line[..Math.Min(line.Length, SearchWidth)];
        var end = window.IndexOf(": "u8);
        var start = end < 0 ? -1 : window[..end].LastIndexOf((byte)' ') + 1;
        if (start < 0 || !IsFullName(window[start..end]))
        {
            return false;
        }

        header.Name = window[start..end];
        header.Body = line[(end + 2)..].TrimStart((byte)' ');
        return Before(line[..start], ref header);
    }

    private static bool CanBegin(ReadOnlySpan<byte> line) => !line.IsEmpty && line[0] is not ((byte)'\t' or (byte)'#');

    private static bool IsFullName(ReadOnlySpan<byte> name)
    {
        var colon = name.IndexOf((byte)':');
        return colon > 0 && colon < name.Length - 1
            && (name[..colon].SequenceEqual("dma"u8) || name[..colon].SequenceEqual("swiotlb"u8) || name[..colon].SequenceEqual("iommu"u8)
                || name[..colon].SequenceEqual("block"u8) || name[..colon].SequenceEqual("scsi"u8) || name[..colon].SequenceEqual("probe"u8)
                || name[..colon].SequenceEqual("kprobes"u8) || name[..colon].SequenceEqual("net"u8));
    }

    private static bool AtBracket(ReadOnlySpan<byte> line, int bracket, ref LineHeader header)
    {
        var at = bracket + 1;
        return Ascii.Decimal(line, ref at, out var cpu) && at - bracket >= 4 && cpu <= 65535 && at < line.Length && line[at] == (byte)']'
            && AfterCpu(line[(at + 1)..].TrimStart((byte)' '), ref header) && Before(line[..(at + 1)], ref header)
            && (header.Pid >= 0 || header.Name.Contains((byte)':'));
    }

    /// <summary>Enters at the decimal point of a stamp.</summary>
    private static bool AtPoint(ReadOnlySpan<byte> line, int point, ref LineHeader header)
    {
        var start = point;
        while (start > 0 && Ascii.IsDigit(line[start - 1]))
        {
            start--;
        }

        return start < point && (start == 0 || line[start - 1] == (byte)' ') && AtStamp(line[start..], ref header)
            && header.Name.Contains((byte)':') && Before(line[..start], ref header);
    }

    /// <summary>Reads what stands before the stamp or the name: <c>comm pid[/tid] [cpu]</c>, each maybe left out.</summary>
    private static bool Before(ReadOnlySpan<byte> text, ref LineHeader header)
    {
        (header.Cpu, header.Pid) = (-1, -1);
        text = text.Trim((byte)' ');
        if (text.EndsWith("]"u8) && text.LastIndexOf((byte)'[') is >= 0 and var bracket)
        {
            if (Ascii.Whole(text[(bracket + 1)..^1], out var cpu) && cpu <= 65535)
            {
                header.Cpu = (int)cpu;
                text = text[..bracket].TrimEnd((byte)' ');
            }
        }

        var blank = text.LastIndexOf((byte)' ');
        var ids = text[(blank + 1)..];
        var slash = ids.IndexOf((byte)'/');
        if (Ascii.Whole(ids[(slash + 1)..], out var pid) && pid <= int.MaxValue)
        {
            header.Pid = (int)pid;
            text = text[..Math.Max(blank, 0)];
        }
        else if (ids.SequenceEqual("-1"u8))
        {
            text = text[..Math.Max(blank, 0)];
        }

        header.Comm = text.Trim((byte)' ');
        return true;
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

        return AtStamp(rest, ref header);
    }

    private static bool AtStamp(ReadOnlySpan<byte> rest, ref LineHeader header)
    {
        var at = 0;
        if (!Ascii.Seconds(rest, ref at, out header.Time, out header.Decimals) || header.Decimals < FewestDecimals || at >= rest.Length || rest[at] != (byte)':')
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
        if (rest.StartsWith("PERF_RECORD_"u8))
        {
            // Options --show-*-events; the name has no colon of its own.
            var blank = rest.IndexOf((byte)' ');
            header.Name = (blank < 0 ? rest : rest[..blank]).TrimEnd((byte)':');
            header.Body = blank < 0 ? default : rest[(blank + 1)..];
            return true;
        }

        var end = rest.IndexOf(": "u8);
        end = end < 0 && rest.EndsWith(":"u8) ? rest.Length - 1 : end;
        if (end <= 0 || rest[..end].Contains((byte)' '))
        {
            return false;
        }

        header.Name = rest[..end];
        header.Body = rest[Math.Min(rest.Length, end + 2)..].TrimStart((byte)' ');
        return true;
    }
}
