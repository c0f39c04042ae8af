namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Kernels before 4.15 hand out a shared emergency buffer of 32 KiB when the pool is exhausted, and panic where a larger
/// mapping is refused (spec swiotlb.md 3): such a panic is exhaustion's own.</summary>
internal static class EmergencyBuffer
{
    public static LogRule Rule { get; } = new("emergency-buffer", "none: it decides nothing about who filled the pool", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var panics = log.Of("swiotlb-corruption-panic", "swiotlb-exhausted-panic").ToList();
        if (panics.Count > 0 && log.IsSwiotlb)
        {
            yield return Conclusion.Note(
                "This panic is the kernel's own answer to an exhausted pool in that era: a mapping above the 32 KiB emergency buffer was refused and could not be reported to the driver. Smaller refused mappings before it went to the shared buffer, which corrupts data without a message if the driver does not check.") with
            {
                Grounds = [panics[0]],
            };
        }
    }
}
