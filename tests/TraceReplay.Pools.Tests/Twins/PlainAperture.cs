namespace TraceReplay.Pools.Tests.Twins;

/// <summary>GART A1 to A3 and Calgary from spec/iommu-pools.md 2.2 and 2.7.</summary>
public sealed class PlainAperture : PlainTable
{
    private readonly string _generation;
    private readonly int _emergency;
    private readonly ulong _base;
    private long _next;

    public PlainAperture(string generation, PoolGeometry geometry)
        : base((int)geometry.Units)
    {
        _generation = generation;
        _base = generation == "C1" ? 0 : geometry.Base >> 12;
        _emergency = generation is "A1" or "A2" ? 32 : 0;
        Array.Fill(Used, true, 0, _emergency);
    }

    public override string Hints() => _next.ToString();

    public override string Map(MapRequest request)
    {
        var n = Used.Length;
        var alignMask = _generation == "C1" ? 0 : (long)request.AlignMask;
        var boundary = _generation == "A1" ? 0 : (request.SegmentBoundary >> 12) + 1;
        var found = Area(_next, n, request.Units, alignMask, _base, boundary, _generation == "A3");
        found = found == -1
            ? Area(0, _generation == "A1" ? _next : n, request.Units, alignMask, _base, boundary, _generation == "A3")
            : found;
        if (found < 0)
        {
            return found == -2 ? Hang : Fail;
        }

        _next = found + request.Units;
        _next = _generation != "C1" && _next >= n ? 0 : _next;
        Array.Fill(Used, true, (int)found, (int)request.Units);
        return $"{found} {request.Units} {found << 12}";
    }

    public override void Unmap(long first, long units, int cpu)
    {
        base.Unmap(first, units, cpu);
        _next = _generation is "A2" or "A3" && first >= _next ? first + units : _next;
    }

    protected override bool IsReserved(long unit) => unit < _emergency;
}
