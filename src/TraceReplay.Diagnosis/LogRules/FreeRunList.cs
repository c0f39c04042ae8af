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

    /// <summary>The list that belongs to a failing line: the first one behind it.</summary>
    /// <param name="log">The evidence.</param>
    /// <param name="failure">The failing line.</param>
    /// <returns>The list, or null if there is none.</returns>
    public static FreeRunList? Near(LogCase log, LogMessageFact failure)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentNullException.ThrowIfNull(failure);
        var next = log.Lines.Where(l => l.Fact.Source.Path == failure.Source.Path && l.Fact.Source.Line > failure.Source.Line)
            .Select(l => l.Fact.Source.Line).DefaultIfEmpty(long.MaxValue).Min();
        var near = log.Of("cma-holes", "cma-free-total").Where(m => m.Source.Path == failure.Source.Path && m.Source.Line > failure.Source.Line
            && m.Source.Line < next && m.Source.Line - failure.Source.Line <= MostLinesApart).ToList();
        return near.Count == 0 ? null : Parse(string.Join(' ', near.OrderBy(m => m.Source.Line).Select(m => m.Text)), near);
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
