namespace TraceReplay.Parsers.Text;

/// <summary>Lines of the first bytes of a source, for probes.</summary>
internal static class HeadLines
{
    /// <summary>A test of one line.</summary>
    /// <param name="line">The line without its end.</param>
    /// <returns>Whether it fits.</returns>
    public delegate bool Test(ReadOnlySpan<byte> line);

    /// <summary>Takes the first line off.</summary>
    /// <param name="rest">The bytes; what is left afterwards.</param>
    /// <returns>The line without CR and LF.</returns>
    public static ReadOnlySpan<byte> Next(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line.TrimEnd((byte)'\r');
    }

    /// <summary>Takes off what was copied along with a command's output: its prompt (<c>[root@db1 ~]# lspci -nn</c>), blank lines.</summary>
    /// <param name="head">First bytes.</param>
    /// <param name="command">Name of the command.</param>
    /// <returns>The bytes behind them.</returns>
    public static ReadOnlySpan<byte> WithoutPrompt(ReadOnlySpan<byte> head, ReadOnlySpan<byte> command)
    {
        var rest = head;
        var line = Next(ref rest);
        var at = line.IndexOf(command);
        var before = at < 0 ? default : line[..at];

        // "# lspci", "$ /sbin/lspci", "db1:~ # lspci", "[root@db1 ~]# lspci".
        var isPrompt = at > 0 && (before[^1] is (byte)' ' or (byte)'/') && before.IndexOfAny((byte)'#', (byte)'$', (byte)'>') >= 0;
        return isPrompt || (line.IsEmpty && !rest.IsEmpty) ? rest : head;
    }

    /// <summary>How many of the first non-empty lines fit, in percent.</summary>
    /// <param name="head">First bytes; a line cut by the end of a long head is not counted.</param>
    /// <param name="most">How many lines to look at.</param>
    /// <param name="test">The test.</param>
    /// <returns>0 to 100; 0 if there is no line.</returns>
    public static int Share(ReadOnlySpan<byte> head, int most, Test test)
    {
        var seen = 0;
        var fit = 0;
        while (!head.IsEmpty && seen < most)
        {
            var line = Next(ref head);
            if (line.IsEmpty)
            {
                continue;
            }

            if (test(line))
            {
                fit++;
            }
            else if (head.IsEmpty && seen > 0)
            {
                break;
            }

            seen++;
        }

        return seen == 0 ? 0 : fit * 100 / seen;
    }
}
