using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>alloc_contig_range: [from, to) PFNs busy</c> before a failure: each is a run that was free in the area's map and was tried.
/// How far they reach, measured by the request, tells a crowded area from one with pinned pages.</summary>
internal static class CmaBusyRanges
{
    private const long MostLinesBefore = 64;

    /// <summary>This many times the request was free by the map: no lack of room.</summary>
    private const double Roomy = 4;

    /// <summary>Hardly more than one place was left to try.</summary>
    private const double Crowded = 2;

    /// <summary>The tries show the room, though not all of it need be tried.</summary>
    private const double Likely = 0.65;

    /// <summary>Few tries may also be few lines (rate limiting).</summary>
    private const double Suspected = 0.5;

    public static LogRule Rule { get; } = new("cma-busy-ranges", "rate limiting may hide further tries", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var busy = new LineIndex<(LogMessageFact Message, long From, long To)>(
            log.Of("cma-pages-busy").Select(m => (Message: m, From: Frame(m, "first"), To: Frame(m, "end"))).Where(r => r.To > r.From), r => r.Message.Source);
        var judged = log.Lines.Where(l => l.Fact.Kind == PoolKind.Cma).Select(l => Judge(l, busy)).Where(j => j is not null).Select(j => j!.Value);
        foreach (var group in judged.GroupBy(j => j.Cause))
        {
            var all = group.ToList();
            yield return Conclusion.For(group.Key, group.Key == Cause.Fragmentation ? Likely : Suspected, all[0].Because) with
            {
                Lines = [.. all.Select(j => j.Line)],
                Grounds = all[0].Grounds,
            };
        }
    }

    private static (FailureLine Line, Cause Cause, string Because, IReadOnlyList<LogMessageFact> Grounds)? Judge(
        FailureLine line, LineIndex<(LogMessageFact Message, long From, long To)> busy)
    {
        var tried = busy.Before(line.Fact.Source, MostLinesBefore);
        if (tried.IsEmpty)
        {
            return null;
        }

        var (first, last, shortest) = (long.MaxValue, 0L, long.MaxValue);
        foreach (var (_, from, to) in tried)
        {
            (first, last, shortest) = (Math.Min(first, from), Math.Max(last, to), Math.Min(shortest, to - from));
        }

        var (request, span) = (line.Units ?? shortest, last - first);
        IReadOnlyList<LogMessageFact> grounds = tried.Length > 1 ? [tried[0].Message, tried[^1].Message] : [tried[0].Message];
        if (span >= request * Roomy)
        {
            return (line, Cause.Fragmentation,
                $"{tried.Length} runs were tried over {span} page frames, {span / request} times the request of {request} pages, and each held pages that could not be moved: there was room, broken up by pinned pages.", grounds);
        }

        return span < request * Crowded ? (line, Cause.Capacity,
            $"Only {span} page frames were free to be tried for a request of {request} pages: the area has hardly room for one more such buffer, and a few busy pages are then enough to fail.", grounds) : null;
    }

    private static long Frame(LogMessageFact message, string field) =>
        long.TryParse(message.Fields.GetValueOrDefault(field), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var frame) && frame >= 0 ? frame : 0;
}
