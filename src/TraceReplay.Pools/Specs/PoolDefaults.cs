using TraceReplay.Core;

namespace TraceReplay.Pools.Specs;

/// <summary>What a kernel sets up when nobody says otherwise (spec/swiotlb.md section 1, spec/iommu-pools.md 1.9, 2 and
/// 3, spec/demand-side.md 1.1).</summary>
public static class PoolDefaults
{
    private const long Page = 4096;

    /// <summary>Kernel assumed when neither logs nor spec name one: the newest on which the pool's answers were
    /// checked.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <returns>A version.</returns>
    public static string Kernel(PoolKind kind) => kind switch
    {
        PoolKind.Tce or PoolKind.Gart => "6.1.192",
        PoolKind.Calgary => "3.6",
        PoolKind.ScsiDma => "2.4.21",
        _ => "6.12.117",
    };

    /// <summary>Default geometry of a kind.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="kernel">Kernel version or generation.</param>
    /// <returns>The geometry; its base is assumed.</returns>
    /// <exception cref="NotSupportedException">There is no model for this kind.</exception>
    public static PoolGeometry For(PoolKind kind, string kernel) => kind switch
    {
        PoolKind.Swiotlb or PoolKind.SwiotlbXen => Make(kind, kernel, IsBefore(kernel, "2.4.21") ? 1024 : 32768, 2048),
        PoolKind.Tce => Make(kind, kernel, (256L << 20) / Page, Page) with
        {
            More = new Dictionary<string, long>(StringComparer.Ordinal) { ["offset"] = 0, ["blocksize"] = 16 },
        },
        PoolKind.Gart => Make(kind, kernel, (64L << 20) / Page, Page) with
        {
            More = new Dictionary<string, long>(StringComparer.Ordinal) { ["fullflush"] = 1 },
        },
        PoolKind.Calgary => Make(kind, kernel, (1L << 30) / Page, Page),
        PoolKind.Iova => Make(kind, kernel, 1L << 20, Page) with
        {
            More = new Dictionary<string, long>(StringComparer.Ordinal) { ["start_pfn"] = 1, ["fast"] = 1, ["ncpus"] = 1 },
        },
        PoolKind.ScsiDma => Make(kind, kernel, 65520, 512),
        _ => throw new NotSupportedException($"there is no model of {kind.Name()} pools"),
    };

    private static PoolGeometry Make(PoolKind kind, string kernel, long units, long unitBytes) =>
        new() { Kind = kind, Kernel = kernel, Units = units, UnitBytes = unitBytes };

    private static bool IsBefore(string kernel, string version) =>
        KernelVersion.TryParse(kernel, out var found) && found < KernelVersion.Parse(version);
}
