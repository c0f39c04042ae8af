using TraceReplay.Core;
using TraceReplay.Pools.Gart;
using TraceReplay.Pools.Iova;
using TraceReplay.Pools.ScsiDma;
using TraceReplay.Pools.Swiotlb;
using TraceReplay.Pools.Tce;

namespace TraceReplay.Pools;

/// <summary>The one registry of pool models. A kernel version belongs to the last row of its kind whose
/// <see cref="PoolModelInfo.First"/> is not newer; an older kernel than any row gets the first row, a newer one the
/// last. Where the version at which an allocator changed is not known, the row says so in
/// <see cref="PoolModelInfo.Kernels"/>; a generation's name in place of the version (<c>G4</c>) overrides the
/// table.</summary>
public static class PoolModels
{
    /// <summary>Every model, by kind and then oldest first.</summary>
    public static IReadOnlyList<PoolModelInfo> All { get; } =
    [
        .. SwiotlbGenerations.Models,
        .. TceGenerations.Models,
        .. ApertureGenerations.Models,
        .. IovaGenerations.Models,
        .. ScsiDmaGenerations.Models,
    ];

    /// <summary>Makes the model for a geometry.</summary>
    /// <param name="geometry">Kind, kernel and sizes.</param>
    /// <returns>An empty pool.</returns>
    /// <exception cref="NotSupportedException">There is no model for this kind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The kernel could not have a pool of this geometry.</exception>
    public static IPoolModel Create(PoolGeometry geometry)
    {
        ArgumentNullException.ThrowIfNull(geometry);
        var info = Find(geometry.Kind, geometry.Kernel)
            ?? throw new NotSupportedException($"there is no model of {geometry.Kind.Name()} pools");
        return info.Create(geometry);
    }

    /// <summary>The model of a kind for a kernel.</summary>
    /// <param name="kind">Kind of pool; a Xen swiotlb is a swiotlb.</param>
    /// <param name="kernel">Kernel version or release, or the name of a generation. A text that is neither gets the
    /// newest generation.</param>
    /// <returns>The model, or null if the kind has none.</returns>
    public static PoolModelInfo? Find(PoolKind kind, string? kernel)
    {
        kind = kind == PoolKind.SwiotlbXen ? PoolKind.Swiotlb : kind;
        var isVersion = KernelVersion.TryParse(kernel, out var version);
        PoolModelInfo? found = null;
        foreach (var info in All)
        {
            if (info.Kind != kind)
            {
                continue;
            }

            if (string.Equals(info.Generation, kernel, StringComparison.OrdinalIgnoreCase))
            {
                return info;
            }

            if (found is null || !isVersion || info.First <= version)
            {
                found = info;
            }
        }

        return found;
    }

    /// <summary>Whether a text names a generation of a kind.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="text">The text.</param>
    /// <returns>True for <c>G4</c> and the like.</returns>
    public static bool IsGeneration(PoolKind kind, string text) =>
        All.Any(info => info.Kind == kind && string.Equals(info.Generation, text, StringComparison.OrdinalIgnoreCase));
}
