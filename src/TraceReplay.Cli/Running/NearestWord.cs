namespace TraceReplay.Cli.Running;

/// <summary>Finds the word that was probably meant. The guess is shown, never run.</summary>
internal static class NearestWord
{
    private const int MostEdits = 2;

    /// <summary>A hint, empty if no word is near.</summary>
    public static string Hint(string word, IEnumerable<string> words)
    {
        var nearest = words.Distinct(StringComparer.Ordinal)
            .Select(known => (known, edits: Edits(word, known)))
            .Where(pair => pair.edits <= MostEdits && pair.edits < pair.known.Length)
            .OrderBy(pair => pair.edits).ThenBy(pair => pair.known, StringComparer.Ordinal)
            .FirstOrDefault();
        return nearest.known is null ? string.Empty : $"did you mean '{nearest.known}'?";
    }

    // Optimal string alignment: insertions, deletions, replacements, swaps of neighbours.
    private static int Edits(string from, string to)
    {
        if (Math.Abs(from.Length - to.Length) > MostEdits)
        {
            return int.MaxValue;
        }

        var table = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                var same = from[i - 1] == to[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + same);
                var swap = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
                table[i, j] = swap ? Math.Min(least, table[i - 2, j - 2] + 1) : least;
            }
        }

        return table[from.Length, to.Length];
    }
}
