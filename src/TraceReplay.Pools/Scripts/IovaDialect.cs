using TraceReplay.Core;

namespace TraceReplay.Pools.Scripts;

/// <summary>SIZE pages, ALIGN whether the place is aligned to the size, X whether the caches may be flushed.</summary>
internal sealed class IovaDialect : ScriptDialect
{
    private const long MostPages = 1L << 52;

    /// <inheritdoc/>
    public override IPoolModel CreatePool(string kernel, ScriptValues pool) => PoolModels.Create(new PoolGeometry
    {
        Kind = PoolKind.Iova,
        Kernel = kernel,
        Units = Math.Min(pool.Get("limit_pfn", 0xfffff, 0, MostPages - 1) + 1, MostPages),
        UnitBytes = 4096,
        More = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["fast"] = pool.Get("fast", 0, 0, 1),
            ["start_pfn"] = pool.Get("start_pfn", 1, 0, MostPages),
            ["ncpus"] = pool.Get("ncpus", 64, 1, 4096),
            ["res_lo"] = pool.Get("res_lo", 0, 0, MostPages),
            ["res_hi"] = pool.Get("res_hi", 0, 0, MostPages),
        },
    });

    /// <inheritdoc/>
    public override MapRequest Request(in ScriptOperation operation, ScriptValues device) => new()
    {
        Cpu = operation.Cpu,
        Device = operation.Device,
        Units = operation.Size,
        AlignMask = operation.Align,
        Extra = operation.Extra == 0 ? 0 : 1,
        Limit = device.Get("limit_pfn", 0xfffffUL),
    };
}
