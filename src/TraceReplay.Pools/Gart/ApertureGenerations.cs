namespace TraceReplay.Pools.Gart;

/// <summary>The generations of the x86-64 GART and Calgary allocators, oldest first (spec/iommu-pools.md 2.1 to 2.4,
/// 2.7).</summary>
internal static class ApertureGenerations
{
    private const int EmergencyPages = 32; // 128 KiB, arch/x86_64/kernel/pci-gart.c and pci-gart_64.c up to 3.6

    private static readonly ApertureRules A1 = new()
    {
        Generation = "A1", HasBoundary = false, SecondSearchEndsAtNextBit = true, EmergencyPages = EmergencyPages,
    };

    private static readonly ApertureRules A2 = new()
    {
        Generation = "A2", FreeMovesNextBit = true, EmergencyPages = EmergencyPages,
    };

    private static readonly ApertureRules A3 = A2 with { Generation = "A3", EmergencyPages = 0, JumpsToBoundary = true };

    private static readonly ApertureRules C1 = new() { Generation = "C1", IsGart = false };

    /// <summary>The rows of the registry.</summary>
    public static IReadOnlyList<PoolModelInfo> Models { get; } =
    [
        Row(A1, "2.6.9", "2.6.9 to 2.6.15 read; the end lies between 2.6.15 and 2.6.18",
            "arch/x86_64/kernel/pci-gart.c", "vectors 2.6.15"),
        Row(A2, "2.6.18", "2.6.18, 2.6.32, 3.6 read; whether releases moved the next bit before 2.6.32 is not known",
            "arch/x86/kernel/pci-gart_64.c", "vectors 2.6.32"),
        Row(A3, "5.10", "6.1, 6.12 read; the start lies after 3.6, the table takes 5.10",
            "arch/x86/kernel/amd_gart_64.c", "vectors 6.1.192"),
        Row(C1, "2.6.18", "2.6.18, 2.6.32, 3.6 read; removed later",
            "arch/x86/kernel/pci-calgary_64.c", PoolModelInfo.PlainTwin),
    ];

    private static PoolModelInfo Row(ApertureRules rules, string first, string kernels, string file, string verified) =>
        new(rules.Kind, rules.Generation, KernelVersion.Parse(first), kernels, file,
            rules.IsGart ? "iommu-pools.md 2.2" : "iommu-pools.md 2.7", verified, geometry => new ApertureModel(rules, geometry));
}
