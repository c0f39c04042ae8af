using TraceReplay.Core;

namespace TraceReplay.Pools.Scripts;

/// <summary>SIZE pages, ALIGN the order, X the handle: 0 none, 1 a chain begins, 2 it goes on.</summary>
internal sealed class TceDialect : ScriptDialect
{
    private const int MostOrder = 30;

    /// <inheritdoc/>
    public override IPoolModel CreatePool(string kernel, ScriptValues pool) => PoolModels.Create(new PoolGeometry
    {
        Kind = PoolKind.Tce,
        Kernel = kernel,
        Units = pool.Need("size", 4, 1L << 30, "0x2000"),
        UnitBytes = 1L << (int)pool.Get("page_shift", 12, 12, 24),
        Areas = 0,
        More = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["offset"] = pool.Get("offset", 0, 0, 1L << 52),
            ["blocksize"] = pool.Get("blocksize", 16, 1, 1 << 20),
            ["res_start"] = pool.Get("res_start", 0, 0, 1L << 52),
            ["res_end"] = pool.Get("res_end", 0, 0, 1L << 52),
        },
    });

    /// <inheritdoc/>
    public override MapRequest Request(in ScriptOperation operation, ScriptValues device) => new()
    {
        Cpu = operation.Cpu,
        Device = operation.Device,
        Units = operation.Size,
        AlignMask = operation.Align <= MostOrder
            ? operation.Align
            : throw new ScriptException(
                operation.Line, $"ALIGN is {operation.Align}, must be an order from 0 to {MostOrder}"),
        Extra = operation.Extra <= 2
            ? (long)operation.Extra
            : throw new ScriptException(
                operation.Line, $"X is {operation.Extra}, must be 0 (no handle), 1 (a chain begins) or 2 (it goes on)"),
        Limit = device.Get("dma_mask", ulong.MaxValue),
        SegmentBoundary = device.Get("seg_boundary", 0xffffffffUL),
    };
}
