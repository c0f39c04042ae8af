namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Call traces behind refused mappings: the function of a driver that asked, whatever device the line names.</summary>
internal static class CallingFunction
{
    private const int Most = 3;

    public static LogRule Rule { get; } = new("calling-function", "the function that asked last, not the one that holds the pool", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var traces = log.Of("call-trace").Where(m => m.Kind == log.Kind).ToList();
        if (traces.Count == 0)
        {
            yield break;
        }

        var callers = traces.GroupBy(m => (m.Function, Module: m.Fields.GetValueOrDefault("module", string.Empty)))
            .OrderByDescending(g => g.Sum(m => log.Facts.Messages.ShareOf(m).Occurrences)).Take(Most)
            .Select(g => g.Key.Module.Length > 0 ? $"{g.Key.Function} of {g.Key.Module}" : g.Key.Function);
        yield return Conclusion.Note($"According to the call trace the refused request came from {string.Join(", ", callers)}: who asked, not who holds the pool.") with
        {
            Grounds = [traces[0]],
        };
    }
}
