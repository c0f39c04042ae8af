namespace TraceReplay.Pools.Specs;

/// <summary>Finds the name that a misspelt one was probably meant to be.</summary>
internal static class NearestName
{
    private const int MostEdits = 2;

    /// <summary>A hint <c>did you mean 'areas'?</c>, empty if no name is near.</summary>
    public static string Hint(string text, IEnumerable<string> names)
    {
        var best = names
            .Select(name => (Name: name, Edits: Edits(text, name)))
            .Where(pair => pair.Edits <= MostEdits && pair.Edits < pair.Name.Length)
            .OrderBy(pair => pair.Edits)
            .FirstOrDefault();
        return best.Name is null ? "" : $"did you mean '{best.Name}'?";
    }

    /// <summary>Insertions, deletions, replacements and swaps of neighbours from one text to the other.</summary>
    private static int Edits(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > MostEdits)
        {
            return int.MaxValue;
        }

        var table = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                table[i, j] = i == 0 || j == 0 ? i + j : Step(table, a, b, i, j);
            }
        }

        return table[a.Length, b.Length];
    }

    private static int Step(int[,] table, string a, string b, int i, int j)
    {
        var same = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
        var least = Math.Min(Math.Min(table[i - 1, j] + 1, table[i, j - 1] + 1), table[i - 1, j - 1] + same);
        return i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]
            ? Math.Min(least, table[i - 2, j - 2] + 1)
            : least;
    }
}
