namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Words that say that the bounce address itself is beyond the device's mask (spec swiotlb.md 3).</summary>
internal static class AddressBeyondMask
{
    /// <summary>The kernel compared the slot's address with the mask; a wrong mask is still a matter of the mask.</summary>
    private const double Certain = 0.9;

    public static LogRule Rule { get; } = new("address-beyond-mask", "none known for these wordings", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Family == "swiotlb-not-dmaable"
            || (l.Fact.Family == "swiotlb-overflow" && l.Fact.Text.Contains("swiotlb addr ", StringComparison.Ordinal))).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.MaskLimit, Certain,
                "A slot was found, but its address lies beyond what the device's DMA mask reaches: the pool is in the wrong place for this device, or the mask is smaller than the device needs. Its size does not matter.") with
            {
                Lines = lines,
                Grounds = [.. log.Of("swiotlb-hwdev-mask")],
            };
        }
    }
}
