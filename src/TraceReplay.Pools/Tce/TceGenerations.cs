using TraceReplay.Core;

namespace TraceReplay.Pools.Tce;

/// <summary>The generations of the ppc64 TCE allocator, oldest first (spec/iommu-pools.md section 1).</summary>
internal static class TceGenerations
{
    private const uint GoldenRatioOf36 = 0x9e370001; // include/linux/hash.h of 3.6
    private const uint GoldenRatio = 0x61c88647; // include/linux/hash.h of 6.12

    private const string OldFile = "arch/ppc64/kernel/iommu.c to 2.6.15, then arch/powerpc/kernel/iommu.c";
    private const string File = "arch/powerpc/kernel/iommu.c";

    private static readonly TceRules P1 = new() { Generation = "P1" };

    private static readonly TceRules P2 = P1 with { Generation = "P2", HasMask = true, RestartsAtZero = true };

    private static readonly TceRules P3 = P2 with { Generation = "P3", RestartsAtZero = false, HasBoundary = true };

    private static readonly TceRules P3b = P3 with { Generation = "P3b", ReservesEntryZero = true };

    private static readonly TceRules P4 = P3b with { Generation = "P4", HashFactor = GoldenRatioOf36 };

    private static readonly TceRules P4b = P4 with { Generation = "P4b", HashFactor = GoldenRatio };

    private static readonly TceRules P5 = P4b with
    {
        Generation = "P5",
        HasLastResort = true,
        JumpsToBoundary = true,
    };

    /// <summary>The rows of the registry.</summary>
    public static IReadOnlyList<PoolModelInfo> Models { get; } =
    [
        new(PoolKind.Tce, "P0", KernelVersion.Parse("2.4"), "2.4 (read at 2.4.21)", "arch/ppc64/kernel/pci_dma.c",
            "iommu-pools.md 1.1", PoolModelInfo.PlainTwin, geometry => new TceBuddyModel(geometry)),
        Halves(P1, "2.5", "2.6.9 to 2.6.15 read; 2.6.5 to 2.6.8 not read, the end lies before 2.6.18",
            OldFile, "vectors 2.6.15"),
        Halves(P2, "2.6.17", "2.6.18 read; the start lies between 2.6.15 and 2.6.18, the end between 2.6.18 and 2.6.27",
            File, "vectors 2.6.18"),
        Halves(P3, "2.6.25", "2.6.27, 2.6.32 read", File, "vectors 2.6.27"),
        Halves(P3b, "3.0", "3.4 read; the start of the reserved entry 0 lies between 2.6.32 and 3.4",
            File, PoolModelInfo.PlainTwin),
        Pools(P4, "3.6", "3.6 read; 3.5 not read", File, PoolModelInfo.PlainTwin),
        Pools(P4b, "4.6", "hash_32's factor changed between 3.6 and 6.12; the table takes 4.6 (memory)",
            File, PoolModelInfo.PlainTwin),
        Pools(P5, "5.13", "6.1, 6.12 read; the start lies after 3.6, the table takes 5.13 (memory)",
            File, "vectors 6.1.192"),
    ];

    private static PoolModelInfo Halves(TceRules rules, string first, string kernels, string file, string verified) =>
        Row(rules, first, kernels, file, verified, geometry => new TceHalvesModel(rules, geometry));

    private static PoolModelInfo Pools(TceRules rules, string first, string kernels, string file, string verified) =>
        Row(rules, first, kernels, file, verified, geometry => new TcePoolsModel(rules, geometry));

    private static PoolModelInfo Row(
        TceRules rules, string first, string kernels, string file, string verified, Func<PoolGeometry, IPoolModel> create) =>
        new(PoolKind.Tce, rules.Generation, KernelVersion.Parse(first), kernels, file,
            "iommu-pools.md section 1, " + rules.Generation[..2], verified, create);
}
