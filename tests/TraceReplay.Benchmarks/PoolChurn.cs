using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Benchmarks;

/// <summary>The load of the vectors' speed table: a pool is filled to a share of its units, then requests are served
/// while below that share and a random live one is released while at it or above, or after a failure. Sizes: one of the
/// octaves 1, 2..3, ..., 64..127 or 128 units with equal odds. The same seed gives the same load.</summary>
public sealed class PoolChurn
{
    private const int Rolls = 1 << 16;
    private const int Seed = 20060126;

    private readonly IPoolModel _pool;
    private readonly long _target;
    private readonly MapRequest[] _requests = new MapRequest[Rolls];
    private readonly int[] _picks = new int[Rolls];
    private readonly List<(long First, long Units)> _live;
    private int _at;
    private bool _release;

    public PoolChurn(PoolLoad load, int units, int fillPercent)
    {
        var geometry = load.Geometry(units);
        _pool = PoolModels.Create(geometry);
        _target = geometry.Units * fillPercent / 100;
        _live = new List<(long First, long Units)>((int)geometry.Units + 1);
        var random = new Random(Seed);
        for (var i = 0; i < Rolls; i++)
        {
            _requests[i] = Request(load, geometry.Kind, random);
            _picks[i] = random.Next();
        }

        for (var i = 0; i < Rolls * 4; i++)
        {
            Step();
        }
    }

    /// <summary>Requests the pool could not serve.</summary>
    public long Failures { get; private set; }

    /// <summary>One operation: a request or a release.</summary>
    public void Step()
    {
        _at = (_at + 1) & (Rolls - 1);
        if (_live.Count > 0 && (_release || _pool.UsedUnits >= _target))
        {
            Release();
        }
        else
        {
            Request();
        }
    }

    private void Request()
    {
        var result = _pool.Map(_requests[_at]);
        if (result.Ok)
        {
            _live.Add((result.FirstUnit, result.Units));
        }
        else
        {
            Failures++;
            _release = true;
        }
    }

    private void Release()
    {
        var picked = _picks[_at] % _live.Count;
        var (first, units) = _live[picked];
        _live[picked] = _live[^1];
        _live.RemoveAt(_live.Count - 1);
        _pool.Unmap(first, units, 0);
        _release = false;
    }

    private static MapRequest Request(PoolLoad load, PoolKind kind, Random random)
    {
        var octave = random.Next(8);
        var units = octave == 7 ? 128 : random.Next(1 << octave, 2 << octave);
        var isSwiotlb = kind == PoolKind.Swiotlb;
        return new MapRequest
        {
            Cpu = random.Next(64),
            Bytes = isSwiotlb ? (units * 2048L) - random.Next(2048) : 0,
            Units = isSwiotlb ? 0 : units,
            PhysAddr = isSwiotlb ? ((ulong)random.Next() << 9) | 0x1000 : 0,
            MinAlignMask = load.MinAlignMask,
            SegmentBoundary = 0xffffffff,
            Limit = kind == PoolKind.Iova ? 0 : ulong.MaxValue,
        };
    }
}
