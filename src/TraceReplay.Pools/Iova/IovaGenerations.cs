using TraceReplay.Core;

namespace TraceReplay.Pools.Iova;

/// <summary>The generations of the IOVA allocator, oldest first (spec/iommu-pools.md section 3).</summary>
internal static class IovaGenerations
{
    private const string File = "drivers/iommu/iova.c";

    private static readonly IovaRules V0 = new()
    {
        Generation = "V0", HasOneCursor = true, RoundsAligned = true, HasCaches = false,
    };

    private static readonly IovaRules V0b = V0 with { Generation = "V0b", RoundsAligned = false, HasCaches = true };

    private static readonly IovaRules V1 = new() { Generation = "V1" };

    private static readonly IovaRules V2 = V1 with { Generation = "V2", RemembersFailedSize = true };

    private static readonly IovaRules V3 = V2 with { Generation = "V3", RetriesFromTop = true, MagazineSize = 127 };

    private static readonly IovaRules V4 = V3 with { Generation = "V4", DepotSize = int.MaxValue };

    /// <summary>The rows of the registry.</summary>
    public static IReadOnlyList<PoolModelInfo> Models { get; } =
    [
        Row(V0, "2.6.24", "2.6.18 with VT-d, 2.6.32, 3.6 read; the end lies between 3.6 and 4.9",
            PoolModelInfo.PlainTwin),
        Row(V0b, "4.9", "4.9 read; the end lies between 4.9 and 4.19, the table takes 4.14 (memory)",
            PoolModelInfo.PlainTwin),
        Row(V1, "4.15", "4.19 read; the start lies between 4.9 and 4.19",
            PoolModelInfo.PlainTwin),
        Row(V2, "4.20", "5.10 read; the start lies between 4.19 and 5.10", "vectors 5.10.7"),
        Row(V3, "5.11", "6.1 read; the start lies between 5.10 and 6.1", "vectors 6.1.192"),
        Row(V4, "6.7", "6.12 read; the start lies between 6.1 and 6.12; the delayed trimming of depots is not part of it",
            "vectors 6.12.117"),
    ];

    private static PoolModelInfo Row(IovaRules rules, string first, string kernels, string verified) =>
        new(PoolKind.Iova, rules.Generation, KernelVersion.Parse(first), kernels, File,
            "iommu-pools.md 3.1 to 3.4", verified, geometry => new IovaModel(rules, geometry));
}
