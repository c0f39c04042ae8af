namespace TraceReplay.Pools.Tests.Twins;

/// <summary>V1 to V4 from spec/iommu-pools.md 3.2 to 3.4: a sorted list walked node by node, magazines as
/// lists.</summary>
public sealed class PlainIova : PlainPool
{
    private const ulong Anchor = ulong.MaxValue;

    private readonly string _generation;
    private readonly ulong _start;
    private readonly ulong _dma32;
    private readonly bool _fast;
    private readonly SortedList<ulong, ulong> _nodes = [];
    private readonly HashSet<ulong> _live = [];
    private readonly List<ulong>[,,] _magazines;
    private readonly List<List<ulong>>[] _depot;
    private ulong _cached = Anchor;
    private ulong _cached32 = Anchor;
    private ulong _max32;

    public PlainIova(string generation, PoolGeometry geometry)
    {
        _generation = generation;
        _start = (ulong)geometry.More["start_pfn"];
        _fast = geometry.More["fast"] != 0 && generation != "V0";
        _dma32 = (1UL << 32) / (ulong)geometry.UnitBytes;
        _max32 = _dma32;
        _magazines = new List<ulong>[(int)geometry.More["ncpus"], 6, 2];
        for (var i = 0; i < _magazines.Length; i++)
        {
            _magazines[i / 12, i / 2 % 6, i % 2] = [];
        }

        _depot = [.. Enumerable.Range(0, 6).Select(_ => new List<List<ulong>>())];
    }

    private bool IsNew => _generation is "V3" or "V4";

    public override bool IsUsed(long unit) =>
        _live.Any(low => low <= (ulong)unit && _nodes[low] >= (ulong)unit);

    public override string Hints() => $"{_cached:x} {_cached32:x} {_max32} {_nodes.Count}";

    public override string Map(MapRequest request)
    {
        var n = (ulong)request.Units;
        n = (_fast && n < 32) || (_generation == "V0" && request.AlignMask != 0) ? System.Numerics.BitOperations.RoundUpToPowerOf2(n) : n;
        var low = _fast ? Fast(request, n) : Tree(n, request.Limit, request.AlignMask != 0);
        if (low == Anchor)
        {
            return Fail;
        }

        _live.Add(low);
        return $"{low} {n} {low * 4096}";
    }

    public override void Unmap(long first, long units, int cpu)
    {
        var low = (ulong)first;
        _live.Remove(low);
        var k = ClassOf((ulong)units);
        if (!_fast || k >= 6)
        {
            Free(low);
            return;
        }

        var capacity = IsNew ? 127 : 128;
        List<ulong>? overflow = null;
        var (loaded, previous) = (_magazines[cpu, k, 0], _magazines[cpu, k, 1]);
        if (loaded.Count >= capacity)
        {
            if (previous.Count < capacity)
            {
                (_magazines[cpu, k, 0], _magazines[cpu, k, 1]) = (previous, loaded);
            }
            else
            {
                if (_generation == "V4" || _depot[k].Count < 32)
                {
                    _depot[k].Add(loaded);
                }
                else
                {
                    overflow = loaded;
                }

                _magazines[cpu, k, 0] = [];
            }
        }

        _magazines[cpu, k, 0].Add(low);
        overflow?.ForEach(Free);
    }

    private static int ClassOf(ulong n) => n <= 1 ? 0 : System.Numerics.BitOperations.Log2(n - 1) + 1;

    private ulong Fast(MapRequest request, ulong n)
    {
        var k = ClassOf(n);
        if (k < 6)
        {
            var cpu = request.Cpu;
            if (_magazines[cpu, k, 0].Count == 0)
            {
                if (_magazines[cpu, k, 1].Count > 0)
                {
                    (_magazines[cpu, k, 0], _magazines[cpu, k, 1]) = (_magazines[cpu, k, 1], _magazines[cpu, k, 0]);
                }
                else if (_depot[k].Count > 0)
                {
                    _magazines[cpu, k, 0] = _depot[k][^1];
                    _depot[k].RemoveAt(_depot[k].Count - 1);
                }
            }

            var loaded = _magazines[cpu, k, 0];
            for (var i = loaded.Count - 1; i >= 0; i--)
            {
                if (loaded[i] <= request.Limit + 1 - n)
                {
                    var low = loaded[i];
                    loaded[i] = loaded[^1];
                    loaded.RemoveAt(loaded.Count - 1);
                    return low;
                }
            }
        }

        var found = Tree(n, request.Limit, true);
        if (found != Anchor || request.Extra == 0)
        {
            return found;
        }

        for (var i = 0; i < _magazines.Length; i++)
        {
            _magazines[i / 12, i / 2 % 6, i % 2].ForEach(Free);
            _magazines[i / 12, i / 2 % 6, i % 2].Clear();
        }

        foreach (var depot in _depot)
        {
            depot.AsEnumerable().Reverse().ToList().ForEach(magazine => magazine.ForEach(Free));
            depot.Clear();
        }

        return Tree(n, request.Limit, true);
    }

    private ulong Tree(ulong size, ulong limitPfn, bool isAligned)
    {
        if (_generation is "V0" or "V0b")
        {
            return FromTop(size, limitPfn, isAligned);
        }

        var limit = limitPfn + 1;
        var alignMask = isAligned && size > 1 ? ulong.MaxValue << ClassOf(size) : ulong.MaxValue;
        if (_generation != "V1" && limit <= _dma32 && size >= _max32)
        {
            return Anchor;
        }

        ulong? node = limit <= _dma32 ? _cached32 : _cached;
        var retry = node == Anchor ? Anchor : _nodes[node.Value];
        var (high, low) = (limit, _start);
        while (true)
        {
            ulong place;
            do
            {
                high = Math.Min(high, node!.Value);
                place = (high - size) & alignMask;
                node = Before(node.Value);
            }
            while (node is { } at && place <= _nodes[at] && (!IsNew || place >= low));

            if (high >= size && place >= low)
            {
                _nodes.Add(place, place + size - 1);
                (_cached32, _cached) = place + size - 1 < _dma32 ? (place, _cached) : (_cached32, place);
                return place;
            }

            if (IsNew && low == _start && retry < limit)
            {
                (high, low) = (limit, retry + 1);
                node = limit > _dma32 ? Anchor : From(limit);
                continue;
            }

            _max32 = _generation == "V1" ? _max32 : size;
            return Anchor;
        }
    }

    /// <summary>Node by node as 3.1 says it, limits inclusive, pads in pages.</summary>
    private ulong FromTop(ulong size, ulong limit, bool isAligned)
    {
        var round = System.Numerics.BitOperations.RoundUpToPowerOf2(size);
        ulong Pad() => !isAligned ? 0 : _generation == "V0" ? (limit + 1) % size : (limit + 1 - size) & (round - 1);
        var is32 = limit == _dma32 - 1;
        ulong? node = Before(Anchor);
        if (is32 && _cached32 != Anchor)
        {
            (limit, node) = (_cached32 - 1, Before(_cached32));
        }

        while (node is { } low)
        {
            if (limit >= low)
            {
                if (limit >= _nodes[low] && limit + 1 >= size && _nodes[low] + size + Pad() <= limit)
                {
                    break;
                }

                limit = low - 1;
            }

            node = Before(low);
        }

        if (node is null && (limit + 1 < size || _start + size + Pad() > limit))
        {
            return Anchor;
        }

        var place = limit - (size + Pad()) + 1;
        _nodes.Add(place, place + size - 1);
        _cached32 = is32 ? place : _cached32;
        return place;
    }

    private void Free(ulong low)
    {
        var high = _nodes[low];
        var next = From(low + 1);
        if (_generation is "V0" or "V0b")
        {
            if (_cached32 != Anchor && low >= _cached32)
            {
                _cached32 = next != Anchor && next < _dma32 - 1 ? next : Anchor;
            }

            _nodes.Remove(low);
            return;
        }

        if (low == _cached32 || (high < _dma32 && low >= _cached32))
        {
            _cached32 = next;
            _max32 = _generation == "V2" ? _dma32 : _max32;
        }

        _max32 = IsNew && low < _dma32 ? _dma32 : _max32;
        _cached = low >= _cached ? next : _cached;
        _nodes.Remove(low);
    }

    private ulong? Before(ulong low)
    {
        var below = _nodes.Keys.Where(key => key < low).ToList();
        return below.Count == 0 ? null : below[^1];
    }

    private ulong From(ulong low)
    {
        foreach (var key in _nodes.Keys)
        {
            if (key >= low)
            {
                return key;
            }
        }

        return Anchor;
    }
}
