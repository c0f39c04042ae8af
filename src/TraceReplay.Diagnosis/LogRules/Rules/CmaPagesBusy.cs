namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>ret: -16</c> without a list of runs: a run was free in the area's own map, but its pages could not be moved out.</summary>
internal static class CmaPagesBusy
{
    private const int Busy = -16;

    public static LogRule Rule { get; } = new("cma-pages-busy", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => CmaNoFreeRun.ReturnOf(l.Fact) == Busy && !log.FreeRuns.ContainsKey(l)).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.Note(
                "ret: -16 (busy) says that a free run of that length was found, but pages in it are lent out and could not be moved: pinned, under I/O, or wanted by another allocation at the same moment. Nothing is exhausted by that alone; the smaller the area and the larger the request, the fewer such runs there are to try.") with
            {
                Lines = lines,
                Doubts = ["Whether the area is nearly full (few runs to try) or full of pinned pages (many tried, all busy): the lines \"alloc_contig_range … PFNs busy\" and the list of free runs (CONFIG_CMA_DEBUG) tell."],
            };
        }
    }
}
