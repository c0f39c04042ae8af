namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Everything bounces because the boot line says so, or because the machine's memory is encrypted: the pool serves mappings that
/// the devices could have reached, or must serve them all.</summary>
internal static class ForcedBounce
{
    public static LogRule Rule { get; } = new("forced-bounce", "a driver that is tested with swiotlb=force on purpose", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        if (!log.IsSwiotlb)
        {
            yield break;
        }

        var encrypted = log.Of("swiotlb-in-use").Where(m => m.Text.Contains("is active and", StringComparison.Ordinal))
            .Concat(log.Of("memory-encryption").Where(m => m.Text.Contains("SEV", StringComparison.Ordinal) || m.Text.Contains("TDX", StringComparison.Ordinal))).ToList();
        if (encrypted.Count > 0)
        {
            yield return Conclusion.Note(
                "Memory encryption is active: every mapping must bounce, whatever the device reaches, so the pool has to be sized for all DMA in flight.") with
            {
                Grounds = encrypted,
            };
            yield break;
        }

        if (ForcedBy(log.Facts.Machine.CommandLine) is { } option)
        {
            yield return Conclusion.Note(
                $"The command line says {option}: every mapping bounces, also those that their devices could have reached directly (needless-bounce). Without it only devices that cannot reach the memory take slots.");
        }
    }

    private static string? ForcedBy(string? commandLine) => commandLine?.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .LastOrDefault(w => w.StartsWith("swiotlb=", StringComparison.Ordinal)
            && (w.EndsWith("=force", StringComparison.Ordinal) || w.EndsWith(",force", StringComparison.Ordinal)));
}
