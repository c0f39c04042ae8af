using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>Using N-bit DMA addresses</c>: the 4 GiB of short IO addresses ran out for a device once, and it uses longer ones from then
/// on. dma-iommu prints nothing else (spec iommu-pools.md 3.5).</summary>
internal static class AddressesAboveFourGiB
{
    public static LogRule Rule { get; } = new("addresses-above-four-gib", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var said = log.Of("iova-above-4gib").ToList();
        if (said.Count > 0 && log.Lines.Count > 0 && log.Kind is PoolKind.Iova or PoolKind.Driver)
        {
            yield return Conclusion.Note(
                $"The IO addresses below 4 GiB ran out for {Wording.Device(said[0].Device, said[0].Driver)}, which uses longer ones since; a device that cannot is refused without a line of the kernel.") with
            {
                Grounds = [said[0]],
            };
        }
    }
}
