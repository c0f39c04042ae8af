using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>ret: -12</c> without a list of runs: the area's own map has no free run of that length. A full area and one in pieces end in
/// the same line (spec iommu-pools.md 6.2); how large the request is, and how large beside the area, tells them apart as far as can be.
/// Movable pages that are lent out are not in that map.</summary>
internal static class CmaNoFreeRun
{
    /// <summary>ENOMEM: no free run in the area's map.</summary>
    public const int OutOfMemory = -12;

    private const long FewPages = 64;

    /// <summary>2 MiB: an area whose holes are all smaller has a user in every 2 MiB of it.</summary>
    private const long SomePages = 512;

    /// <summary>The same where the area's size is told: in each sixteenth of it sits a user.</summary>
    private const long PartOfArea = 16;

    /// <summary>Not even a few pages in a row: such an area is full.</summary>
    private const double Full = 0.65;

    /// <summary>Two such requests can never be served together, wherever the first one lies.</summary>
    private const double Half = 0.6;

    /// <summary>No run of that length; small areas with large users are the usual case, pieces the other.</summary>
    private const double Usual = 0.5;

    /// <summary>A large run is lacking in an area that is full as in one that is half empty: too little to name a cause by.</summary>
    private const double Either = 0.4;

    public static LogRule Rule { get; } = new("cma-no-free-run", "an area in pieces, or buffers that were never given back, end in the same line", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => ReturnOf(l.Fact) == OutOfMemory && !log.FreeRuns.ContainsKey(l)).ToList();
        if (lines.Count == 0)
        {
            yield break;
        }

        var areas = log.Facts.Geometry.Where(g => g is { Kind: PoolKind.Cma, Units: > 0 }).Select(g => g.Units!.Value).Distinct().ToList();
        long? area = areas.Count == 1 ? areas[0] : null;
        var least = lines.Min(l => l.Units) ?? long.MaxValue;
        if (least > area)
        {
            // Arithmetic on the area's size, by a rule of its own.
            yield break;
        }

        foreach (var (cause, confidence, because) in Judge(least, area))
        {
            yield return Conclusion.For(cause, confidence, because + " A kernel with CONFIG_CMA_DEBUG prints the free runs, which tells a full area from one in pieces.") with
            {
                Lines = lines,
                Doubts = ["Whether the users of the area give their buffers back: CmaFree in /proc/meminfo while they are idle would tell a leak."],
            };
        }
    }

    private static IEnumerable<(Cause Cause, double Confidence, string Because)> Judge(long least, long? area)
    {
        if (least <= FewPages)
        {
            yield return (Cause.Capacity, Full, $"Not even {least} pages in a row were free (ret: -12): the area is full.");
        }
        else if (least > area / 2)
        {
            yield return (Cause.Capacity, Half,
                $"{least} of the area's {area} pages were wanted in a row (ret: -12): one such buffer leaves no room for a second, and any other user in the middle none for the first.");
        }
        else if (least <= Math.Max(FewPages, area / PartOfArea ?? SomePages))
        {
            yield return (Cause.Capacity, Usual, $"The area had no free run of {least} pages (ret: -12): it is too small for what is in it, or in pieces.");
        }
        else
        {
            yield return (Cause.Capacity, Either, $"The area had no free run of {least} pages (ret: -12): it may be too small for what is in it.");
            yield return (Cause.Fragmentation, Either, $"A run of {least} pages is lacking just as well in an area that is half empty, if small buffers are spread over it.");
        }
    }

    /// <summary>The error that the line states.</summary>
    /// <param name="message">A message.</param>
    /// <returns>The errno, null if the line states none.</returns>
    public static int? ReturnOf(LogMessageFact message) => message.Family == "cma-alloc-failed"
        && int.TryParse(message.Fields.GetValueOrDefault("ret"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ret) ? ret : null;
}
