using TraceReplay.Core;

namespace TraceReplay.Pools.ScsiDma;

/// <summary>The one generation of the SCSI mid-layer's pool; 2.6 has none.</summary>
internal static class ScsiDmaGenerations
{
    /// <summary>The rows of the registry.</summary>
    public static IReadOnlyList<PoolModelInfo> Models { get; } =
    [
        new(PoolKind.ScsiDma, "S1", KernelVersion.Parse("2.4"), "2.4.0 and 2.4.21 read; 2.6 has no such pool", "drivers/scsi/scsi_dma.c",
            "demand-side.md 1.1", PoolModelInfo.PlainTwin, geometry => new ScsiDmaModel(geometry)),
    ];
}
