using TraceReplay.Core;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>The generations of the swiotlb allocator, oldest first (spec/swiotlb.md section 2).</summary>
internal static class SwiotlbGenerations
{
    private const ulong FourGiB = 0xffffffff;

    private const string Ia64File = "arch/ia64/lib/swiotlb.c";
    private const string LibFile = "lib/swiotlb.c";
    private const string DmaFile = "kernel/dma/swiotlb.c";

    private static readonly SwiotlbRules G1a = new()
    {
        Generation = "G1a", Plan = EarlyPlans.AboveAPage, ChecksFreeFirst = false, HasBoundary = false,
    };

    private static readonly SwiotlbRules G1b = G1a with { Generation = "G1b" };

    private static readonly SwiotlbRules G1c = G1b with
    {
        Generation = "G1c",
        HasBoundary = true,
        DefaultBoundary = FourGiB,
    };

    private static readonly SwiotlbRules G1d = G1c with { Generation = "G1d", Plan = EarlyPlans.FromAPage };

    private static readonly SwiotlbRules G1e = G1d with
    {
        Generation = "G1e",
        ChecksFreeFirst = true,
        DefaultBoundary = ulong.MaxValue,
    };

    private static readonly SwiotlbRules G2 = G1e with { Generation = "G2", Plan = AlignedPlans.MinAlign };

    private static readonly SwiotlbRules G3 = G2 with { Generation = "G3", Plan = AlignedPlans.MinAlignOfBuffer };

    private static readonly SwiotlbRules G3b = G3 with { Generation = "G3b", Plan = AlignedPlans.AllocAlignStep };

    private static readonly SwiotlbRules G4 = G3b with { Generation = "G4", HasAreas = true };

    private static readonly SwiotlbRules G4s = G4 with
    {
        Generation = "G4s",
        Plan = AlignedPlans.AllocAlignBeforeMinAlign,
    };

    private static readonly SwiotlbRules G4b = G4 with
    {
        Generation = "G4b",
        Plan = AlignedPlans.OneMask,
        IsCounted = true,
    };

    private static readonly SwiotlbRules G5 = G4b with { Generation = "G5", CanGrow = true };

    private static readonly SwiotlbRules G5b = G5 with { Generation = "G5b", SearchesAreaByArea = true };

    private static readonly SwiotlbRules G6a = G5b with { Generation = "G6a", Plan = PaddedPlans.Apart };

    private static readonly SwiotlbRules G6b = G6a with { Generation = "G6b", Plan = PaddedPlans.Padded };

    /// <summary>The rows of the registry.</summary>
    public static IReadOnlyList<PoolModelInfo> Models { get; } =
    [
        new(PoolKind.Swiotlb, "G0", KernelVersion.Parse("2.4"), "2.4.0; the end lies between it and 2.4.21 (in 2.5: 2002-03)", Ia64File,
            "swiotlb.md section 2, G0", PoolModelInfo.PlainTwin, geometry => new WholePoolModel(geometry)),
        Row(G1a, "2.4.18", "2.4.21 to 2.6.8 (and 2.5 from 2002-03)", Ia64File, PoolModelInfo.PlainTwin),
        Row(G1b, "2.6.9", "2.6.9 to 2.6.24", Ia64File + " to 2.6.14, then " + LibFile, "vectors 2.6.15"),
        Row(G1c, "2.6.25", "2.6.25 to 3.6; the end lies between 3.6 and 4.9.76, the table takes 4.5",
            LibFile, "vectors 2.6.32"),
        Row(G1d, "4.6", "4.9.76 to 4.19; the start lies between 3.6 and 4.9.76",
            LibFile + ", 4.19: " + DmaFile, PoolModelInfo.PlainTwin),
        Row(G1e, "5.4", "5.4 to 5.11; 5.0 to 5.3 not read, taken as G1d", DmaFile, "vectors 5.10.7"),
        Row(G2, "5.12", "5.12; 5.13 not read", DmaFile, PoolModelInfo.PlainTwin),
        Row(G3, "5.14", "5.14 (5.15.0 equals it for requests without alloc_align_mask)",
            DmaFile, PoolModelInfo.PlainTwin),
        Row(G3b, "5.15", "5.15 stable (read at 5.15.135) to 5.19", DmaFile, "vectors 5.15.135"),
        Row(G4, "6.0", "6.0", DmaFile, PoolModelInfo.PlainTwin),
        Row(G4s, "6.1", "6.1 stable (read at 6.1.192; the release that changed the masks is not known)",
            DmaFile, "vectors 6.1.192"),
        Row(G4 with { Generation = "G4-6.2" }, "6.2", "6.2; the end lies between 6.1-rc7 and 6.4.6",
            DmaFile, PoolModelInfo.PlainTwin),
        Row(G4b, "6.3", "6.3 to 6.5 (read at 6.4.6 and 6.5)", DmaFile, "vectors of G5, the same search"),
        Row(G5, "6.6", "6.6, 6.7 (6.7 not read)", DmaFile, "vectors 6.6.9"),
        Row(G5b, "6.8", "6.8", DmaFile, "vectors of G5, the same search"),
        Row(G6a, "6.9", "6.9 (from two commits of its cycle)", DmaFile, PoolModelInfo.PlainTwin),
        Row(G6b, "6.10", "6.10 to 7.x (read at 6.12, 6.13.7, 6.19)",
            DmaFile, "vectors 6.12.117; with growth two traced kernels (148,635 mappings)"),
    ];

    private static PoolModelInfo Row(SwiotlbRules rules, string first, string kernels, string file, string verified) =>
        new(PoolKind.Swiotlb, rules.Generation, KernelVersion.Parse(first), kernels, file,
            "swiotlb.md section 2, " + rules.Generation, verified, geometry => Create(rules, geometry));

    /// <summary>A kernel with SWIOTLB_DYNAMIC has <c>dynamic</c> = 1 among the further values of the
    /// geometry.</summary>
    private static IPoolModel Create(SwiotlbRules rules, PoolGeometry geometry) =>
        rules.CanGrow && geometry.More.GetValueOrDefault(DynamicSwiotlb.Key) != 0
            ? new DynamicSwiotlb(rules, geometry)
            : new SwiotlbModel(rules, geometry);
}
