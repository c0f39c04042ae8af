using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>Lines by their place, for "the last one before this line" without walking them all: logs may hold a hundred thousand
/// failing lines.</summary>
/// <typeparam name="T">What stands at the line.</typeparam>
public sealed class LineIndex<T>
{
    private readonly Dictionary<string, (long[] Numbers, T[] Items)> _byPath;

    /// <summary>Sorts the lines.</summary>
    /// <param name="items">Items with their places.</param>
    /// <param name="place">The place of an item.</param>
    public LineIndex(IEnumerable<T> items, Func<T, SourceRef> place)
    {
        _byPath = items.GroupBy(i => place(i).Path, StringComparer.Ordinal).ToDictionary(g => g.Key, g =>
        {
            var ordered = g.OrderBy(i => place(i).Line).ToArray();
            return (Array.ConvertAll(ordered, i => place(i).Line), ordered);
        }, StringComparer.Ordinal);
    }

    /// <summary>The items right before a place, the nearest last.</summary>
    /// <param name="place">The place.</param>
    /// <param name="mostLines">How many lines before it at most.</param>
    /// <returns>Items of the same source at smaller line numbers.</returns>
    public ReadOnlySpan<T> Before(SourceRef place, long mostLines)
    {
        if (!_byPath.TryGetValue(place.Path ?? string.Empty, out var lines))
        {
            return [];
        }

        var to = Lower(lines.Numbers, place.Line);
        var from = Lower(lines.Numbers, place.Line - mostLines);
        return lines.Items.AsSpan(from, to - from);
    }

    /// <summary>Index of the first number that is not below a line.</summary>
    private static int Lower(long[] numbers, long line)
    {
        var (from, to) = (0, numbers.Length);
        while (from < to)
        {
            var middle = (from + to) / 2;
            (from, to) = numbers[middle] < line ? (middle + 1, to) : (from, middle);
        }

        return from;
    }
}
