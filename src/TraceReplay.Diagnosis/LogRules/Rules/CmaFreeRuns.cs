namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The list of free runs (<c>N@position+…</c>, CONFIG_CMA_DEBUG) beside the request: it decides between too little room, no run
/// long enough, and a run whose pages could not be moved (spec iommu-pools.md 6.2).</summary>
internal static class CmaFreeRuns
{
    /// <summary>Arithmetic on the kernel's own list; taken a moment after the search.</summary>
    private const double Certain = 0.92;

    /// <summary>A run was long enough: pages in it were pinned, which no list shows.</summary>
    private const double Busy = 0.65;

    /// <summary>The list was cut short by the reporter; only the sum is known.</summary>
    private const double Cut = 0.65;

    public static LogRule Rule { get; } = new("cma-free-runs", "other requests may have come or gone between the search and the list", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var decided = log.Lines.Where(l => l.Fact.Family == "cma-alloc-failed" && l.Units is not null && log.FreeRuns.ContainsKey(l))
            .Select(l => (Line: l, Runs: log.FreeRuns[l], Answer: Decide(l.Units!.Value, log.FreeRuns[l]))).Where(d => d.Answer is not null);
        foreach (var group in decided.GroupBy(d => (d.Answer!.Value.Cause, d.Answer.Value.Confidence)))
        {
            var all = group.ToList();
            yield return Conclusion.For(group.Key.Cause, group.Key.Confidence, all[0].Answer!.Value.Because
                + (all.Count > 1 ? $" {FailureLine.Count(all.Select(d => d.Line))} lines are of this kind; these are the numbers of the first." : string.Empty)) with
            {
                Lines = [.. all.Select(d => d.Line)],
                Grounds = all[0].Runs.Messages,
            };
        }
    }

    private static (Cause Cause, double Confidence, string Because)? Decide(long pages, FreeRunList runs)
    {
        if (runs.Longest >= pages)
        {
            return (Cause.Fragmentation, Busy,
                $"{pages} pages in a row were wanted, and the list shows a free run of {runs.Longest}: not room was lacking, but pages in it are in use by others for a moment or pinned, and could not be moved out (busy).");
        }

        if (runs.Free < pages)
        {
            return (Cause.Capacity, Certain, $"{pages} pages were wanted and {runs.Free} were free in all{Of(runs)}: the area is too small for what is in it.");
        }

        if (runs.IsComplete)
        {
            return (Cause.Fragmentation, Certain, $"{pages} pages in a row were wanted; {runs.Free} were free{Of(runs)}, but the longest free run has {runs.Longest}.");
        }

        return runs.Free is null ? null : (Cause.Fragmentation, Cut,
            $"{pages} pages in a row were wanted and {runs.Free} were free{Of(runs)}: enough by number, but in pieces or busy (the list of runs is cut short here).");
    }

    private static string Of(FreeRunList runs) => runs.Total is { } total ? $" of {total}" : string.Empty;
}
