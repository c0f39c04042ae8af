using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The boot line places the pool at or above 4 GiB, where 32-bit devices cannot reach it: their bounces go nowhere, and the
/// kernels that did this printed no failure (wild: only an "unknown partition table" followed).</summary>
internal static class PoolOutOfReach
{
    private const ulong FourGiB = 1UL << 32;

    /// <summary>The wording "Placing software IO TLB" is of x86-64 and ia64 kernels before 2.6.32, whose pool must be low.</summary>
    private const double Likely = 0.85;

    /// <summary>Later kernels place the pool of an encrypted guest, or of a machine whose bus addresses are shifted, anywhere on purpose.</summary>
    private const double Possible = 0.4;

    public static LogRule Rule { get; } = new("pool-out-of-reach",
        "an encrypted guest or a bus with shifted addresses may have its pool above 4 GiB on purpose", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        if (!log.IsSwiotlb)
        {
            yield break;
        }

        foreach (var pool in log.Facts.Geometry.Where(g => g.Kind == PoolKind.Swiotlb && g.Base >= FourGiB).Take(1))
        {
            var said = log.Of("swiotlb-geometry").Where(m => m.Source == pool.Source).ToList();
            var isOld = said.Any(m => m.Text.Contains("Placing ", StringComparison.Ordinal));
            yield return Conclusion.For(Cause.MaskLimit, isOld ? Likely : Possible, string.Create(CultureInfo.InvariantCulture,
                $"The boot line places the pool at 0x{pool.Base:x}, above 4 GiB: a 32-bit device, for which the pool exists, cannot reach it, and every bounce for it fails or goes astray, with or without a message.")) with
            {
                Grounds = said,
                Lines = log.Lines.Count == 0 ? null : [.. log.Lines.Where(l => !l.IsNumbered && !l.IsAboveSegmentLimit)],
            };
        }
    }
}
