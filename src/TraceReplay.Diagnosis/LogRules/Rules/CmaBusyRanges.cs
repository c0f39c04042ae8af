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
        foreach (var line in log.Lines.Where(l => l.Fact.Kind == PoolKind.Cma))
        {
            var tried = log.Of("cma-pages-busy").Where(m => m.Source.Path == line.Fact.Source.Path && m.Source.Line < line.Fact.Source.Line
                && line.Fact.Source.Line - m.Source.Line <= MostLinesBefore).Select(m => (Message: m, From: Frame(m, "first"), To: Frame(m, "end")))
                .Where(r => r.To > r.From).ToList();
            if (tried.Count == 0)
            {
                continue;
            }

            var request = line.Units ?? tried.Min(r => r.To - r.From);
            var span = tried.Max(r => r.To) - tried.Min(r => r.From);
            IReadOnlyList<LogMessageFact> grounds = [tried[0].Message, .. tried.Skip(1).TakeLast(1).Select(r => r.Message)];
            if (span >= request * Roomy)
            {
                yield return Conclusion.For(Cause.Fragmentation, Likely,
                    $"{tried.Count} runs were tried over {span} page frames, {span / request} times the request of {request} pages, and each held pages that could not be moved: there was room, broken up by pinned pages.") with
                {
                    Lines = [line],
                    Grounds = grounds,
                };
            }
            else if (span < request * Crowded)
            {
                yield return Conclusion.For(Cause.Capacity, Suspected, string.Create(CultureInfo.InvariantCulture,
                    $"Only {span} page frames were free to be tried for a request of {request} pages: the area has hardly room for one more such buffer, and a few busy pages are then enough to fail.")) with
                {
                    Lines = [line],
                    Grounds = grounds,
                };
            }
        }
    }

    private static long Frame(LogMessageFact message, string field) =>
        long.TryParse(message.Fields.GetValueOrDefault(field), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var frame) && frame >= 0 ? frame : 0;
}
