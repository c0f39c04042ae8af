using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>dma-debug saw a driver that does not check whether its mapping failed, or that misuses the API in another way: not exhaustion,
/// but it decides what an exhaustion does to that driver.</summary>
internal static class UncheckedMapping
{
    public static LogRule Rule { get; } = new("unchecked-mapping", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var said = log.Of("dma-debug-error").FirstOrDefault(m => m.Text.Contains("failed to check map error", StringComparison.Ordinal));
        if (said is not null && log.Lines.Count > 0 && log.Kind != PoolKind.DmaDebug)
        {
            yield return Conclusion.Note(
                $"{Wording.Device(said.Device, said.Driver)} does not check whether its mapping failed: where the pool refuses it, the device is given an address that is none.") with
            {
                Grounds = [said],
            };
        }
    }
}
