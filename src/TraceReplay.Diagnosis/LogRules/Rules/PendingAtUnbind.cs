namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>dma-debug counts the mappings that a driver left behind when it let go of its device (kernel/dma/debug.c, spec
/// iommu-pools.md 6.4): a leak by definition.</summary>
internal static class PendingAtUnbind
{
    /// <summary>The kernel counted them. A driver whose memory is freed a moment later by managed resources is the exception.</summary>
    private const double Certain = 0.95;

    public static LogRule Rule { get; } = new("pending-at-unbind", "memory that the driver core gives back a moment later", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family == "dma-debug-pending").ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Leak, Certain,
                $"The driver let go of its device with mappings that it never gave back{Counts(lines)}: dma-debug counts them at that moment.") with
            {
                Lines = lines,
                Grounds = [.. log.Of("dma-debug-leaked-entry")],
                Doubts = ["Whether a pool has run out because of it, these lines do not tell."],
            };
        }
    }

    private static string Counts(List<FailureLine> lines)
    {
        var counts = lines.Select(l => l.Fact.Fields.GetValueOrDefault("count")).Where(c => c is { Length: > 0 }).ToList();
        return counts.Count == 0 ? string.Empty : $" (count={string.Join(", ", counts.Take(3))})";
    }
}
