namespace TraceReplay.Parsers.Ftrace;

/// <summary>Lines of a trace that have no columns: option nocontext-info leaves <c>event: body</c>, raw and hex leave numbers
/// only, and the function_graph tracer draws (spec formats.md 2.1).</summary>
internal static class BareLine
{
    private static readonly System.Buffers.SearchValues<byte> Numbers = System.Buffers.SearchValues.Create("0123456789abcdef "u8);

    private const int LongestName = 64;

    /// <summary>Splits a line of a trace without context.</summary>
    /// <param name="line">The line.</param>
    /// <param name="header">Name and body; no task, no CPU.</param>
    /// <returns>False if it does not begin with an event's name.</returns>
    public static bool TryParse(ReadOnlySpan<byte> line, out LineHeader header)
    {
        header = default;
        header.Cpu = -1;
        header.Pid = -1;
        if (line.SequenceEqual("<stack trace>"u8) || line.SequenceEqual("<user stack trace>"u8))
        {
            header.Name = line;
            return true;
        }

        var colon = line[..Math.Min(line.Length, LongestName)].IndexOf((byte)':');
        if (colon <= 0 || (colon + 1 < line.Length && line[colon + 1] != (byte)' '))
        {
            return false;
        }

        foreach (var letter in line[..colon])
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'_' or (byte)'-' or (byte)'.' or (byte)'$'))
            {
                return false;
            }
        }

        header.Name = line[..colon];
        header.Body = line[(colon + 1)..].TrimStart((byte)' ');
        return true;
    }

    /// <summary>Whether a line is one of option raw or hex: <c>10 0 50910328256 type: 1234</c>.</summary>
    /// <param name="line">The line.</param>
    /// <returns>True if it ends with the number of an event.</returns>
    public static bool IsNumbersOnly(ReadOnlySpan<byte> line)
    {
        var type = line.LastIndexOf(" type: "u8);
        return type > 0 && !line[(type + 7)..].ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && !line[..type].ContainsAnyExcept(Numbers);
    }

    /// <summary>Whether a line was drawn by the function_graph tracer: <c> 0)   1.234 us    |  } /* kfree */</c>.</summary>
    /// <param name="line">The line.</param>
    /// <param name="holdsEvent">It holds an event in a comment.</param>
    /// <returns>True for such a line.</returns>
    public static bool IsGraph(ReadOnlySpan<byte> line, out bool holdsEvent)
    {
        holdsEvent = false;
        var bar = line.LastIndexOf("|"u8);
        var close = line.IndexOf((byte)')');
        if (bar < 0 || close <= 0 || close > bar || (line[close - 1] - (byte)'0') is < 0 or > 9)
        {
            return false;
        }

        var rest = line[(bar + 1)..].TrimStart((byte)' ');
        holdsEvent = rest.StartsWith("/* "u8) && rest.EndsWith("*/"u8);
        return true;
    }
}
