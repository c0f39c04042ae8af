namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>overflow … of DMA mask … bus mask …</c>: from 5.2 to 5.9 a bounce refused for any reason ends in these words
/// (report_addr; spec swiotlb.md 3), so alone they prove no fault of the mask.</summary>
internal static class OverflowAfterBounce
{
    public static LogRule Rule { get; } = new("overflow-after-bounce", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Of("swiotlb-overflow").Where(m => log.IsSwiotlb && m.Text.Contains(" of DMA mask ", StringComparison.Ordinal)).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.Note(
                "\"overflow … of DMA mask … bus mask …\" is what kernels 5.2 to 5.9 print after any refused bounce, also where the pool was full or the request too large: it does not prove a wrong mask.") with
            {
                Grounds = lines,
            };
        }
    }
}
