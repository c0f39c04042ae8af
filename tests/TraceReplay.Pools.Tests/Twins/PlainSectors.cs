namespace TraceReplay.Pools.Tests.Twins;

/// <summary>The SCSI mid-layer's pool: page by page, sector by sector (spec/demand-side.md 1.1).</summary>
public sealed class PlainSectors(int n, int pageSectors) : PlainPool
{
    private readonly bool[] _used = new bool[n];

    public override bool IsUsed(long unit) => _used[unit];

    public override string Hints() => "";

    public override string Map(MapRequest request)
    {
        var bits = (int)(request.Bytes / 512);
        if (request.Bytes % 512 != 0 || bits > pageSectors)
        {
            return Fail;
        }

        for (var page = 0; page < _used.Length; page += pageSectors)
        {
            for (var j = 0; j <= pageSectors - bits; j++)
            {
                if (!_used.AsSpan(page + j, bits).Contains(true))
                {
                    Array.Fill(_used, true, page + j, bits);
                    return $"{page + j} {bits} {(page + j) * 512L}";
                }
            }
        }

        return Fail;
    }

    public override void Unmap(long first, long units, int cpu) => Array.Fill(_used, false, (int)first, (int)units);
}
