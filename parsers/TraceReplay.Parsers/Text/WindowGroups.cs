namespace TraceReplay.Parsers.Text;

/// <summary>Parts windows into a few groups, so that few places of a text look by half-bytes like a window of any of them.</summary>
internal static class WindowGroups
{
    /// <summary>Starts with a group for each window, and joins those two that lose least by it until few are left.</summary>
    /// <param name="windows">The windows, in the machine's own byte order.</param>
    /// <param name="most">Most groups.</param>
    /// <param name="sample">Text of the kind that will be searched, may be empty.</param>
    /// <returns>The half-bytes of each group.</returns>
    public static IReadOnlyList<WindowHalves> Choose(IEnumerable<uint> windows, int most, ReadOnlySpan<byte> sample)
    {
        List<WindowHalves> groups = [.. windows.Select(WindowHalves.Of)];
        var chance = new WindowChance(sample);
        List<double> chances = [.. groups.Select(chance.Of)];
        var losses = new double[groups.Count, groups.Count];
        for (var b = 1; b < groups.Count; b++)
        {
            Losses(groups, chances, b, b, losses, chance);
        }

        while (groups.Count > most)
        {
            var (a, b) = Least(losses, groups.Count);
            groups[a] = groups[a].With(groups[b]);
            chances[a] = chance.Of(groups[a]);

            // The last group takes the place of the one that is gone.
            var last = groups.Count - 1;
            (groups[b], chances[b]) = (groups[last], chances[last]);
            groups.RemoveAt(last);
            chances.RemoveAt(last);
            for (var other = 0; other < last && b < last; other++)
            {
                losses[Math.Min(b, other), Math.Max(b, other)] = losses[other, last];
            }

            Losses(groups, chances, a, last, losses, chance);
        }

        return groups;
    }

    private static void Losses(List<WindowHalves> groups, List<double> chances, int of, int count, double[,] losses, WindowChance chance)
    {
        for (var other = 0; other < count; other++)
        {
            if (other != of)
            {
                losses[Math.Min(of, other), Math.Max(of, other)] = chance.Of(groups[of].With(groups[other])) - chances[of] - chances[other];
            }
        }
    }

    private static (int A, int B) Least(double[,] losses, int count)
    {
        var (best, least) = ((0, 1), double.MaxValue);
        for (var a = 0; a < count; a++)
        {
            for (var b = a + 1; b < count; b++)
            {
                if (losses[a, b] < least)
                {
                    (best, least) = ((a, b), losses[a, b]);
                }
            }
        }

        return best;
    }
}
