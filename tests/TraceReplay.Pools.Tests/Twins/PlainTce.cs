namespace TraceReplay.Pools.Tests.Twins;

/// <summary>P1 to P5 from the pseudo-code of spec/iommu-pools.md 1.3 to 1.7.</summary>
public sealed class PlainTce : PlainTable
{
    private readonly string _generation;
    private readonly int _n;
    private readonly long _offset;
    private readonly int _shift;
    private readonly long _block;
    private readonly long _half;
    private readonly int _pools;
    private readonly long[] _start;
    private readonly long[] _end;
    private readonly long[] _hint;
    private readonly Dictionary<int, long> _handle = [];
    private long _small;
    private long _large;

    public PlainTce(string generation, PoolGeometry geometry)
        : base((int)geometry.Units)
    {
        _generation = generation;
        _n = (int)geometry.Units;
        _offset = geometry.More["offset"];
        _shift = System.Numerics.BitOperations.Log2((ulong)geometry.UnitBytes);
        _block = geometry.More["blocksize"];
        _half = _n * 3L / 4;
        _large = _half;
        _pools = geometry.Areas > 1 ? geometry.Areas : 1;
        var poolSize = _half / _pools;
        _start = [.. Enumerable.Range(0, _pools + 1).Select(i => i * poolSize)];
        _end = [.. Enumerable.Range(0, _pools + 1).Select(i => i < _pools ? (i + 1) * poolSize : _n)];
        _hint = [.. _start];
        Used[0] = IsReserved(0);
    }

    private bool IsPooled => _generation is "P4" or "P4b" or "P5";

    public override string Hints() => IsPooled ? string.Join(',', _hint) : $"{_small},{_large}";

    public override string Map(MapRequest request)
    {
        if (request.Extra == 1)
        {
            _handle[request.Device] = 0;
        }

        var handle = request.Extra == 0 ? 0 : _handle.GetValueOrDefault(request.Device);
        var r = IsPooled ? Pooled(request, handle) : Halves(request, handle);
        if (r < 0)
        {
            return r == -2 ? Hang : Fail;
        }

        Array.Fill(Used, true, (int)r, (int)request.Units);
        if (request.Extra != 0)
        {
            _handle[request.Device] = r + request.Units;
        }

        return $"{r} {request.Units} {r << _shift}";
    }

    protected override bool IsReserved(long unit) => unit == 0 && _offset == 0 && (IsPooled || _generation == "P3b");

    private long Mask(MapRequest request) => _generation == "P1" ? long.MaxValue : (long)(request.Limit >> _shift);

    private long Find(MapRequest request, long start, long limit, long alignMask) => Area(start, limit, request.Units, alignMask,
        (ulong)_offset, _generation is "P1" or "P2" ? 0 : (request.SegmentBoundary >> _shift) + 1, _generation == "P5");

    private long Halves(MapRequest request, long handle)
    {
        var large = request.Units > 15;
        var alignMask = (1L << (int)request.AlignMask) - 1;
        var start = handle != 0 ? handle : large ? _large : _small;
        long limit = large ? _n : _half;
        start = large && start < _half ? _half : start;
        start = start >= limit ? (large ? _large : _small) : start;
        long found;
        for (var pass = 0; ; pass++)
        {
            var mask = Mask(request);
            var isMasked = limit + _offset > mask;
            if (isMasked)
            {
                limit = mask - _offset + 1;
                start = limit <= 0 || (start & mask) >= limit || pass > 0 ? 0 : start & mask;
            }

            found = _generation == "P2" && isMasked && pass > 0
                ? FromZeroForEver(request, limit, alignMask)
                : Find(request, start, limit, alignMask);
            if (found != -1)
            {
                break;
            }

            if (pass >= 2)
            {
                return -1;
            }

            start = ((large ? 1 : 0) ^ pass) != 0 ? _half : 0;
            limit = pass != 0 ? _n : limit;
        }

        if (found < 0)
        {
            return found;
        }

        var end = found + request.Units;
        (_large, _small) = large ? (end, _small) : (_large, (end + _block - 1) / _block * _block);
        return found;
    }

    /// <summary>The literal retry: start is set to 0 each time a used entry is met.</summary>
    private long FromZeroForEver(MapRequest request, long limit, long alignMask)
    {
        if (limit <= 0)
        {
            return -1;
        }

        var i = (NextZero(0, Math.Min(limit, _n)) + alignMask) & ~alignMask;
        if (i + request.Units >= limit)
        {
            return -1;
        }

        return NextSet(i, i + request.Units) < i + request.Units ? -2 : i;
    }

    private long Pooled(MapRequest request, long handle)
    {
        var large = request.Units > 15;
        var factor = _generation == "P4" ? 0x9e370001u : 0x61c88647u;
        var number = (int)(unchecked((uint)request.Cpu * factor) >> 30) & (_pools - 1);
        var pool = large ? _pools : number;
        var alignMask = (1L << (int)request.AlignMask) - 1;
        var mask = Mask(request);
        for (var pass = 0; ;)
        {
            var isInPool = _generation != "P5" || (handle >= _start[pool] && handle < _end[pool]);
            var start = pass == 0 && handle != 0 && isInPool ? handle : _hint[pool];
            var limit = _end[pool];
            start = start >= limit ? _start[pool] : start;
            if (limit + _offset > mask)
            {
                limit = mask - _offset + 1;
                if ((start & mask) >= limit || pass > 0)
                {
                    pool = 0;
                    start = _start[0];
                }
                else
                {
                    start &= mask;
                }
            }

            var found = Find(request, start, limit, alignMask);
            if (found >= 0)
            {
                var end = found + request.Units;
                _hint[pool] = large ? end : (end + _block - 1) / _block * _block;
                return found;
            }

            if (found == -2)
            {
                return -2;
            }

            if (pass > 0 && pass <= _pools)
            {
                number = (number + 1) & (_pools - 1);
                pool = number;
            }
            else if (pass == _pools + 1 && _generation == "P5")
            {
                pool = _pools;
            }
            else if (pass > 0)
            {
                return -1;
            }

            _hint[pool] = _start[pool];
            pass++;
        }
    }
}
