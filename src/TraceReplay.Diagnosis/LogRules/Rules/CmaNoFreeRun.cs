using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>ret: -12</c> without a list of runs: the area has no free run of that length. Mostly it is simply too small for what is in
/// it; for large requests it may be in pieces (spec iommu-pools.md 6.2).</summary>
internal static class CmaNoFreeRun
{
    private const int OutOfMemory = -12;
    private const long FewPages = 64;

    /// <summary>Not even a few pages in a row: such an area is full.</summary>
    private const double Full = 0.65;

    /// <summary>No run of that length; small areas with large users are the usual case, pieces the other.</summary>
    private const double Usual = 0.5;

    public static LogRule Rule { get; } = new("cma-no-free-run", "an area in pieces, or buffers that were never given back, end in the same line", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => ReturnOf(l.Fact) == OutOfMemory && !log.FreeRuns.ContainsKey(l)).ToList();
        if (lines.Count == 0)
        {
            yield break;
        }

        var least = lines.Min(l => l.Units) ?? long.MaxValue;
        yield return Conclusion.For(Cause.Capacity, least <= FewPages ? Full : Usual,
            (least <= FewPages
                ? $"Not even {least} pages in a row were free (ret: -12): the area is full."
                : $"The area had no free run of {least} pages (ret: -12): it is too small for what is in it, or in pieces.")
            + " A kernel with CONFIG_CMA_DEBUG prints the free runs, which tells the two apart.") with
        {
            Lines = lines,
            Doubts = ["Whether the users of the area give their buffers back: CmaFree in /proc/meminfo while they are idle would tell a leak."],
        };
    }

    /// <summary>The error that the line states.</summary>
    /// <param name="message">A message.</param>
    /// <returns>The errno, null if the line states none.</returns>
    public static int? ReturnOf(LogMessageFact message) => message.Family == "cma-alloc-failed"
        && int.TryParse(message.Fields.GetValueOrDefault("ret"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ret) ? ret : null;
}
