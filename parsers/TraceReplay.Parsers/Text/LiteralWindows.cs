namespace TraceReplay.Parsers.Text;

/// <summary>Chooses a few short windows so that every literal holds one of them: rare in log text, shared by many literals.</summary>
internal static class LiteralWindows
{
    /// <summary>Chooses greedily: the window that costs least per literal it newly covers.</summary>
    /// <param name="literals">The literals.</param>
    /// <param name="width">Bytes of a window.</param>
    /// <returns>By window (as Latin-1 text): the literals it stands for, and where it stands in them.</returns>
    public static Dictionary<string, List<(byte[] Literal, int Offset)>> Choose(IReadOnlyList<byte[]> literals, int width)
    {
        var chosen = new Dictionary<string, List<(byte[] Literal, int Offset)>>(StringComparer.Ordinal);
        var open = literals.ToList();
        while (open.Count > 0)
        {
            var best = open
                .SelectMany(l => Enumerable.Range(0, l.Length - width + 1).Select(o => (Window: Text(l, o, width), Literal: l)))
                .GroupBy(x => x.Window, StringComparer.Ordinal)
                .OrderBy(g => Frequency(g.Key) / g.Select(x => x.Literal).Distinct().Count())
                .ThenBy(g => g.Key, StringComparer.Ordinal)
                .First().Key;
            var covered = open.Where(l => Find(l, best, width) >= 0).ToList();
            chosen[best] = [.. covered.Select(l => (l, Find(l, best, width)))];
            open.RemoveAll(covered.Contains);
        }

        return chosen;
    }

    private static string Text(byte[] literal, int offset, int width) => System.Text.Encoding.Latin1.GetString(literal, offset, width);

    private static int Find(byte[] literal, string window, int width)
    {
        for (var offset = 0; offset + width <= literal.Length; offset++)
        {
            if (Text(literal, offset, width) == window)
            {
                return offset;
            }
        }

        return -1;
    }

    private static double Frequency(string window) => window.Aggregate(1.0, (product, c) => product * Frequency(c));

    /// <summary>Rough shares of bytes in kernel logs, per thousand.</summary>
    private static double Frequency(char c) => c switch
    {
        ' ' or '0' => 100,
        'e' or '1' or '.' or ':' or 'i' or 't' or 'r' => 35,
        >= '2' and <= '9' => 25,
        'a' or 'o' or 's' or 'n' or 'd' or 'c' or 'l' or 'm' or 'p' => 25,
        '[' or ']' or 'x' or 'f' or 'u' => 20,
        >= 'a' and <= 'z' => 10,
        >= 'A' and <= 'Z' => 4,
        _ => 4,
    };
}
