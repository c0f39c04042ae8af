using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>The free runs of a CMA area, as <c>number of available pages: N@pos+N@pos=> F free of T total pages</c> prints them
/// (mm/cma.c, CONFIG_CMA_DEBUG).</summary>
/// <param name="Longest">Longest run listed.</param>
/// <param name="Free">Free pages in all, null if not told.</param>
/// <param name="Total">Pages of the area, null if not told.</param>
/// <param name="IsComplete">Whether the runs listed add up to the free pages.</param>
/// <param name="Messages">Where it stands.</param>
public sealed record FreeRunList(long Longest, long? Free, long? Total, bool IsComplete, IReadOnlyList<LogMessageFact> Messages)
{
    private const int MostLinesApart = 6;

    /// <summary>Finds the list behind each failing line.</summary>
    /// <param name="log">The evidence.</param>
    /// <returns>The lists by failing line; lines without one are left out.</returns>
    public static IReadOnlyDictionary<FailureLine, FreeRunList> Find(LogCase log)
    {
        ArgumentNullException.ThrowIfNull(log);
        var failures = new LineIndex<FailureLine>(log.Lines, l => l.Fact.Source);
        var parts = new Dictionary<FailureLine, List<LogMessageFact>>(ReferenceEqualityComparer.Instance);
        foreach (var message in log.Of("cma-holes", "cma-free-total").OrderBy(m => m.Source.Line))
        {
            if (failures.Before(message.Source, MostLinesApart) is [.., var nearest])
            {
                parts.TryAdd(nearest, []);
                parts[nearest].Add(message);
            }
        }

        var lists = new Dictionary<FailureLine, FreeRunList>(ReferenceEqualityComparer.Instance);
        foreach (var (line, messages) in parts)
        {
            if (Parse(string.Join(' ', messages.Select(m => m.Text)), messages) is { } list)
            {
                lists.Add(line, list);
            }
        }

        return lists;
    }

    private static FreeRunList? Parse(string text, IReadOnlyList<LogMessageFact> messages)
    {
        const string Words = "available pages:";
        var at = text.IndexOf(Words, StringComparison.Ordinal);
        var list = at < 0 ? string.Empty : text[(at + Words.Length)..];
        var arrow = list.IndexOf("=>", StringComparison.Ordinal);
        var (longest, sum) = (0L, 0L);
        foreach (var run in (arrow < 0 ? list : list[..arrow]).Split('+'))
        {
            var sign = run.IndexOf('@', StringComparison.Ordinal);
            if (sign > 0 && long.TryParse(run.AsSpan(0, sign).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pages))
            {
                (longest, sum) = (Math.Max(longest, pages), sum + Math.Min(pages, int.MaxValue));
            }
        }

        var free = Before(text, " free of ");
        return longest == 0 && free is null ? null : new FreeRunList(longest, free, Before(text, " total pages"), sum > 0 && sum == free, messages);
    }

    /// <summary>The number right before some words.</summary>
    private static long? Before(string text, string words)
    {
        var end = text.IndexOf(words, StringComparison.Ordinal);
        var start = end;
        while (start > 0 && char.IsAsciiDigit(text[start - 1]))
        {
            start--;
        }

        return end > 0 && long.TryParse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
