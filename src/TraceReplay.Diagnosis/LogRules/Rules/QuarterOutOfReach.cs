using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>From 3.6 to 5.12 the last quarter of a TCE table is kept for requests above 15 pages; smaller ones fail with a quarter free
/// (spec iommu-pools.md 1.7). Before and after, both sizes reach the whole table in the end.</summary>
internal static class QuarterOutOfReach
{
    private const long LargestSmall = 15;
    private static readonly KernelVersion From = new(3, 6);
    private static readonly KernelVersion To = new(5, 12, 99);

    public static LogRule Rule { get; } = new("quarter-out-of-reach", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var small = log.Lines.Count(l => l.Fact.Kind == PoolKind.Tce && l.Units is > 0 and <= LargestSmall);
        if (small > 0 && log.Kernel is { } kernel && kernel.CompareTo(From) >= 0 && kernel.CompareTo(To) <= 0)
        {
            yield return Conclusion.Note(
                "On this kernel requests of up to 15 pages cannot use the last quarter of the table, which is kept for larger ones: they fail with a quarter free, and that is no leak.");
        }
    }
}
