namespace TraceReplay.Pools.Tests.Twins;

/// <summary>Every swiotlb generation from the pseudo-code of spec/swiotlb.md section 2.</summary>
public sealed class PlainSwiotlb : PlainPool
{
    private const int S = 2048;

    private readonly string _generation;
    private readonly int _n;
    private readonly int _areas;
    private readonly ulong _base;
    private readonly ulong _page;
    private readonly bool[] _used;
    private readonly int[] _hint;
    private readonly int[] _count;

    public PlainSwiotlb(string generation, PoolGeometry geometry)
    {
        _generation = generation;
        _n = (int)geometry.Units;
        _areas = IsIn("G4 G4s G4-6.2 G4b G5 G5b G6a G6b") ? geometry.Areas : 1;
        _base = geometry.Base;
        _page = 1UL << geometry.PageShift;
        _used = new bool[_n];
        _hint = new int[_areas];
        _count = new int[_areas];
    }

    private int AreaSlots => _n / _areas;

    public override string Map(MapRequest request)
    {
        var (need, offset) = NeedOf(request);
        var n = (int)((need + S - 1) / S);
        for (var k = 0; k < _areas; k++)
        {
            var area = ((request.Cpu & (_areas - 1)) + k) % _areas;
            if (!IsIn("G0 G1a G1b G1c G1d") && n > AreaSlots - _count[area])
            {
                continue;
            }

            var found = Search(area, request, need, n);
            if (found == -2)
            {
                return Hang;
            }

            if (found >= 0)
            {
                var slot = (area * AreaSlots) + found;
                Array.Fill(_used, true, slot, n);
                _count[area] += n;
                _hint[area] = found + n < AreaSlots ? found + n : 0;
                return $"{slot} {n} {((ulong)slot * S) + offset}";
            }
        }

        return Fail;
    }

    public override void Unmap(long first, long units, int cpu)
    {
        for (var i = first; i < first + units; i++)
        {
            if (i >= 0 && i < _n && _used[i])
            {
                _used[i] = false;
                _count[first / AreaSlots]--;
            }
        }
    }

    public override bool IsUsed(long unit) => _used[unit];

    public override string Hints() => string.Join(',', _hint) + " " + string.Join(',', _count);

    private bool IsIn(string generations) => generations.Split(' ').Contains(_generation);

    private (ulong Need, ulong Offset) NeedOf(MapRequest request)
    {
        var size = (ulong)request.Bytes;
        var l = request.AlignMask;
        if (IsIn("G0 G1a G1b G1c G1d G1e"))
        {
            return (size, 0);
        }

        if (_generation == "G6b")
        {
            var padded = request.PhysAddr & request.MinAlignMask & (l | (S - 1));
            return ((size + padded + l) / (l + 1) * (l + 1), padded);
        }

        var offset = request.PhysAddr & request.MinAlignMask & (S - 1);
        return (((size + l) / (l + 1) * (l + 1)) + offset, offset);
    }

    private int Search(int area, MapRequest request, ulong need, int n)
    {
        if (IsIn("G0 G1a G1b G1c G1d G1e"))
        {
            return Early(request, n);
        }

        return IsIn("G2 G3 G3b G4 G4s G4-6.2") ? Phased(area, request, need, n) : Counted(area, request, need, n);
    }

    private int Early(MapRequest request, int n)
    {
        var isPaged = IsIn("G1d G1e") ? (ulong)request.Bytes >= _page : (ulong)request.Bytes > _page;
        var stride = isPaged ? (int)(_page / S) : _generation == "G0" ? n : 1;
        return Round(0, stride, n, request, (_, _) => true);
    }

    private int Phased(int area, MapRequest request, ulong need, int n)
    {
        var m = request.MinAlignMask & ~(ulong)(S - 1);
        m = _generation == "G4s" ? m & ~request.AlignMask : m;
        var stride = (int)(m / S) + 1;
        stride = need >= _page ? Math.Max(stride, stride * (int)(_page / S)) : stride;
        stride = IsIn("G2 G3") ? stride : Math.Max(stride, (int)(request.AlignMask / S) + 1);
        var isTested = _generation == "G2" || request.PhysAddr != 0;
        return Round(area, stride, n, request, (address, orig) => !isTested || (address & m) == (orig & m));
    }

    /// <summary>From the aligned hint round the area until it comes up again.</summary>
    private int Round(int area, int stride, int n, MapRequest request, Func<ulong, ulong, bool> isAligned)
    {
        var i = (_hint[area] + stride - 1) & ~(stride - 1);
        i = i >= AreaSlots ? 0 : i;
        var wrap = i;
        var steps = 0;
        do
        {
            var slot = (area * AreaSlots) + i;
            if (!isAligned(AddressOf(slot, request), request.PhysAddr))
            {
                i++;
            }
            else
            {
                if (Fits(slot, n, request))
                {
                    return i;
                }

                i += stride;
            }

            i = i >= AreaSlots ? 0 : i;
            if (++steps > (4 * _n) + 16)
            {
                return -2;
            }
        }
        while (i != wrap);
        return -1;
    }

    private int Counted(int area, MapRequest request, ulong need, int n)
    {
        const ulong InSlot = S - 1;
        var (l, m) = (request.AlignMask, request.MinAlignMask);
        ulong la, mi;
        long stride;
        if (IsIn("G4b G5 G5b"))
        {
            (la, mi) = (0, (m | l | (need >= _page ? _page - 1 : 0)) & ~InSlot);
            stride = (long)(mi / S) + 1;
        }
        else
        {
            la = _generation == "G6b" && l == 0 && m == 0 && need >= _page ? _page - 1 : l;
            la |= InSlot;
            mi = m & ~la;
            stride = (long)(Math.Max(la, mi) / S) + 1;
            if (_generation == "G6a" && need >= _page)
            {
                stride = Math.Max(stride, System.Numerics.BitOperations.Log2(_page) - 11 + 1);
            }
        }

        long i = _hint[area];
        for (var seen = 0L; seen < AreaSlots;)
        {
            var slot = (area * AreaSlots) + (int)i;
            var t = AddressOf(slot, request);
            var orig = request.PhysAddr;
            var step = 1L;
            if ((t & la) == 0 && (orig == 0 || (t & mi) == (orig & mi)))
            {
                if (Fits(slot, n, request))
                {
                    return (int)i;
                }

                step = stride;
            }

            i += step;
            seen += step;
            i = i >= AreaSlots ? 0 : i;
        }

        return -1;
    }

    private ulong AddressOf(int slot, MapRequest request) => (_base & request.SegmentBoundary) + ((ulong)slot * S);

    private bool Fits(int slot, int n, MapRequest request)
    {
        var isInSegment = _generation == "G0" ? slot + n <= _n : (slot & 127) + n <= 128 && slot + n <= _n;
        return isInSegment && !Spans(slot, n, request) && !_used.AsSpan(slot, n).Contains(true);
    }

    private bool Spans(int slot, int n, MapRequest request)
    {
        if (IsIn("G0 G1a G1b"))
        {
            return false;
        }

        var shift = ((_base & request.SegmentBoundary) + S - 1) / S;
        var max = (request.SegmentBoundary / S) + 1;
        return ((shift + (ulong)slot) & (max - 1)) + (ulong)n > max;
    }
}
