using TraceReplay.Core;

namespace TraceReplay.Pools.Scripts;

/// <summary>SIZE pages, ALIGN the mask in pages.</summary>
internal sealed class GartDialect : ScriptDialect
{
    /// <inheritdoc/>
    public override IPoolModel CreatePool(string kernel, ScriptValues pool) => PoolModels.Create(new PoolGeometry
    {
        Kind = PoolKind.Gart,
        Kernel = kernel,
        Units = pool.Need("pages", 2, 1L << 30, "0x4000"),
        UnitBytes = 4096,
        Base = pool.Get("bus_base", 0UL),
        BaseKnown = true,
        More = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["fullflush"] = pool.Get("fullflush", 1, 0, 1),
            ["emergency_pages"] = pool.Get("emergency_pages", 0, 0, 1L << 30),
        },
    });

    /// <inheritdoc/>
    public override MapRequest Request(in ScriptOperation operation, ScriptValues device) => new()
    {
        Cpu = operation.Cpu,
        Device = operation.Device,
        Units = operation.Size,
        AlignMask = (operation.Align & (operation.Align + 1)) == 0
            ? operation.Align
            : throw new ScriptException(operation.Line, $"ALIGN is {operation.Align}, must be a power of two minus 1"),
        SegmentBoundary = device.Get("seg_boundary", 0xffffffffUL),
    };
}
