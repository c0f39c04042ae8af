namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Words that only a kernel without an active pool prints: the address is beyond the mask and nothing can bounce it.</summary>
internal static class AddressWithoutPool
{
    /// <summary>These stand in code that is reached only if no pool is active (spec swiotlb.md 3 and 4); a device whose mask is set
    /// wrongly needs no pool, but another mask.</summary>
    private const double Likely = 0.85;

    /// <summary>From 5.10 on the mapping of device registers, which never bounces, ends in the same words.</summary>
    private const double TwoPlaces = 0.65;

    /// <summary>x86-64 panics in these words where there is neither IOMMU nor pool.</summary>
    private const double Certain = 0.95;

    public static LogRule Rule { get; } = new("address-without-pool",
        "a driver that sets too small a mask for a device that could reach the address", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var panics = log.Lines.Where(l => l.Fact.Family == "high-address-no-iommu").ToList();
        if (panics.Count > 0)
        {
            yield return Conclusion.For(Cause.PoolUnavailable, Certain,
                "A device cannot reach an address above 4 GiB, and there is neither an IOMMU nor a pool to help: it was never set up or is disabled.") with
            {
                Lines = panics,
                Grounds = [.. log.Of("gart-state")],
            };
        }

        var lines = log.Lines.Where(l => Belief(l.Fact.Family, l.Fact.Text) > 0).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.PoolUnavailable, lines.Min(l => Belief(l.Fact.Family, l.Fact.Text)),
                "The address lies beyond what the device's mask reaches, and no bounce pool was active to help: this line is printed only then. Not an exhaustion; either a pool or a wider mask is missing.") with
            {
                Lines = lines,
            };
        }
    }

    private static double Belief(string family, string text) => (family, text) switch
    {
        ("swiotlb-no-bounce", _) => Likely,
        ("swiotlb-overflow", _) when text.Contains(" of device mask ", StringComparison.Ordinal) => Likely,
        ("swiotlb-overflow", _) when text.Contains("DMA addr ", StringComparison.Ordinal) => TwoPlaces,
        _ => 0,
    };
}
