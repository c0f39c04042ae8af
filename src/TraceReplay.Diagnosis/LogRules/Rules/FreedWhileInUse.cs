namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A table or pool was taken down while parts of it were still mapped: its user never gave them back.</summary>
internal static class FreedWhileInUse
{
    /// <summary>Something leaked for certain; that this is what the refused requests lacked is likely.</summary>
    private const double Likely = 0.7;

    public static LogRule Rule { get; } = new("freed-while-in-use", "the leak that the line shows may be too small to matter", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var signs = log.Of("tce-leak", "dma-pool-error", "scsi-dma-leak").Where(m => m.Kind == log.Kind
            && (m.Family != "dma-pool-error" || m.Text.Contains(" busy", StringComparison.Ordinal))).ToList();
        if (signs.Count > 0 && log.Lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Leak, Likely,
                $"The {Wording.Pool(log.Kind)}, or a part of it, was taken down while mappings in it were still alive: whoever made them never gave them back.") with
            {
                Grounds = [.. signs.Take(2)],
            };
        }
    }
}
