using TraceReplay.Core;

namespace TraceReplay.Pools.Scripts;

/// <summary>SIZE bytes, ALIGN the alloc_align_mask, X the physical address of the caller's buffer.</summary>
internal sealed class SwiotlbDialect : ScriptDialect
{
    /// <inheritdoc/>
    public override IPoolModel CreatePool(string kernel, ScriptValues pool) => PoolModels.Create(new PoolGeometry
    {
        Kind = PoolKind.Swiotlb,
        Kernel = kernel,
        Units = pool.Need("nslabs", 1, 1L << 26, "0x8000"),
        UnitBytes = 2048,
        Base = pool.Get("base", 0UL),
        BaseKnown = true,
        Areas = (int)pool.Get("nareas", 1, 1, 1 << 20),
        PageShift = (int)pool.Get("page_shift", 12, 12, 18),
    });

    /// <inheritdoc/>
    public override MapRequest Request(in ScriptOperation operation, ScriptValues device) => new()
    {
        Cpu = operation.Cpu,
        Device = operation.Device,
        Bytes = operation.Size,
        AlignMask = operation.Align,
        PhysAddr = operation.Extra,
        MinAlignMask = device.Get("min_align_mask", 0UL),
        SegmentBoundary = device.Get("seg_boundary", 0xffffffffUL),
    };

    /// <inheritdoc/>
    public override void WriteAnswer(TextWriter output, in MapResult result)
    {
        output.Write(result.FirstUnit);
        output.Write(' ');
        output.Write(result.Units);
        output.Write(' ');
        output.Write(result.Offset);
    }
}
