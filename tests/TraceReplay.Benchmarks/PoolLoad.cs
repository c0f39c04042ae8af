using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Benchmarks;

/// <summary>A model and what its devices ask for.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Label">What is special, empty for the plain load.</param>
public sealed record PoolLoad(string Model, string Label = "")
{
    /// <summary>Areas or pools; 0 = the kernel's choice.</summary>
    public int Areas { get; init; }

    /// <summary>log2 of the CPU page.</summary>
    public int PageShift { get; init; } = 12;

    /// <summary>The device's min_align_mask.</summary>
    public ulong MinAlignMask { get; init; }

    /// <summary>Every model with a table, and the loads that are hardest for swiotlb's alignments.</summary>
    public static IReadOnlyList<PoolLoad> All { get; } =
    [
        .. PoolModels.All
            .Where(info => info.Kind is PoolKind.Swiotlb or PoolKind.Tce or PoolKind.Gart or PoolKind.Calgary or PoolKind.Iova)
            .Select(info => new PoolLoad(info.Name)),
        new("swiotlb-G3b", "NVMe") { MinAlignMask = 0xfff },
        new("swiotlb-G4s", "NVMe, 4 areas") { MinAlignMask = 0xfff, Areas = 4 },
        new("swiotlb-G5", "64 KiB pages") { PageShift = 16 },
        new("swiotlb-G6b", "NVMe") { MinAlignMask = 0xfff },
        new("swiotlb-G6b", "64 KiB pages") { PageShift = 16 },
        new("swiotlb-G6b", "64 areas") { Areas = 64 },
    ];

    /// <summary>Geometry of a pool of some size.</summary>
    public PoolGeometry Geometry(int units)
    {
        var info = PoolModels.All.Single(info => info.Name == Model);
        var isSwiotlb = info.Kind == PoolKind.Swiotlb;
        return new PoolGeometry
        {
            Kind = info.Kind,
            Kernel = info.Generation,
            Units = units,
            UnitBytes = isSwiotlb ? 2048 : 4096,
            Base = isSwiotlb ? 0x70000000u : 0u,
            Areas = isSwiotlb ? Math.Max(1, Areas) : Areas,
            PageShift = PageShift,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => Label.Length == 0 ? Model : $"{Model}, {Label}";
}
