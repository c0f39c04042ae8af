using System.Numerics;

namespace TraceReplay.Pools.Iova;

/// <summary>The caches in front of the tree: for each CPU and power of two up to 32 pages a loaded and a previous
/// magazine, and a depot of full ones. Mirrors <c>__iova_rcache_insert</c> and <c>__iova_rcache_get</c> of
/// drivers/iommu/iova.c (4.9 on); spec/iommu-pools.md 3.4.</summary>
internal sealed class IovaMagazines
{
    /// <summary>Powers of two that are cached (<c>IOVA_RANGE_CACHE_MAX_SIZE</c>).</summary>
    public const int Classes = 6;

    private readonly IovaRules _rules;
    private readonly Magazine?[] _loaded;
    private readonly Magazine?[] _previous;
    private readonly List<Magazine>[] _depots = new List<Magazine>[Classes];
    private readonly Stack<Magazine> _spare = new();

    /// <summary>Empty caches.</summary>
    public IovaMagazines(IovaRules rules, int cpus)
    {
        _rules = rules;
        _loaded = new Magazine?[cpus * Classes];
        _previous = new Magazine?[cpus * Classes];
        for (var i = 0; i < Classes; i++)
        {
            _depots[i] = [];
        }
    }

    /// <summary>Class of a size: log2, rounded up.</summary>
    public static int ClassOf(ulong size) => size <= 1 ? 0 : 64 - BitOperations.LeadingZeroCount(size - 1);

    /// <summary>Takes a cached range.</summary>
    /// <param name="cpu">CPU of the call.</param>
    /// <param name="sizeClass">Class below <see cref="Classes"/>.</param>
    /// <param name="highest">Highest place allowed.</param>
    /// <param name="low">The place.</param>
    /// <returns>False on a miss.</returns>
    public bool TryGet(int cpu, int sizeClass, ulong highest, out ulong low)
    {
        low = 0;
        var slot = (cpu * Classes) + sizeClass;
        var loaded = _loaded[slot];
        if (loaded is null or { Count: 0 })
        {
            if (_previous[slot] is { Count: > 0 })
            {
                (_loaded[slot], _previous[slot]) = (_previous[slot], loaded);
            }
            else if (_depots[sizeClass] is { Count: > 0 } depot)
            {
                Recycle(loaded);
                _loaded[slot] = depot[^1];
                depot.RemoveAt(depot.Count - 1);
            }

            loaded = _loaded[slot];
        }

        return loaded is not null && loaded.TryTake(highest, out low);
    }

    /// <summary>Parks a range.</summary>
    /// <returns>A full magazine whose ranges go back to the tree, null mostly.</returns>
    public Magazine? Put(int cpu, int sizeClass, ulong low)
    {
        Magazine? overflow = null;
        var slot = (cpu * Classes) + sizeClass;
        if (_loaded[slot] is { } loaded && loaded.Count == _rules.MagazineSize)
        {
            if (_previous[slot] is not { } previous || previous.Count < _rules.MagazineSize)
            {
                (_loaded[slot], _previous[slot]) = (_previous[slot], loaded);
            }
            else
            {
                var depot = _depots[sizeClass];
                overflow = depot.Count < _rules.DepotSize ? null : loaded;
                if (overflow is null)
                {
                    depot.Add(loaded);
                }

                _loaded[slot] = null;
            }
        }

        (_loaded[slot] ??= _spare.Count > 0 ? _spare.Pop() : new Magazine()).Add(low);
        return overflow;
    }

    /// <summary>Empties every magazine: CPU by CPU, class by class, then the depots.</summary>
    /// <param name="free">Receives each range.</param>
    public void Drain(Action<ulong> free)
    {
        for (var slot = 0; slot < _loaded.Length; slot++)
        {
            Drain(_loaded[slot], free);
            Drain(_previous[slot], free);
        }

        foreach (var depot in _depots)
        {
            while (depot.Count > 0)
            {
                var magazine = depot[^1];
                depot.RemoveAt(depot.Count - 1);
                Drain(magazine, free);
                Recycle(magazine);
            }
        }
    }

    /// <summary>Takes one place out of whichever magazine holds it.</summary>
    /// <returns>False if none does.</returns>
    public bool Remove(ulong low)
    {
        var all = _loaded.Concat(_previous).Concat(_depots.SelectMany(depot => depot));
        return all.Any(magazine => magazine is not null && magazine.Remove(low));
    }

    /// <summary>Keeps an emptied magazine for later use.</summary>
    public void Recycle(Magazine? magazine)
    {
        if (magazine is not null)
        {
            magazine.Clear();
            _spare.Push(magazine);
        }
    }

    private static void Drain(Magazine? magazine, Action<ulong> free)
    {
        for (var i = 0; i < (magazine?.Count ?? 0); i++)
        {
            free(magazine![i]);
        }

        magazine?.Clear();
    }

    /// <summary>A stack of places of one size.</summary>
    internal sealed class Magazine
    {
        private readonly ulong[] _places = new ulong[128];

        public int Count { get; private set; }

        public ulong this[int index] => _places[index];

        public void Add(ulong low) => _places[Count++] = low;

        public void Clear() => Count = 0;

        /// <summary>Takes the topmost place that is not too high; the top one fills its gap.</summary>
        public bool TryTake(ulong highest, out ulong low)
        {
            for (var i = Count - 1; i >= 0; i--)
            {
                low = _places[i];
                if (low <= highest)
                {
                    _places[i] = _places[--Count];
                    return true;
                }
            }

            low = 0;
            return false;
        }

        public bool Remove(ulong low)
        {
            var at = Array.IndexOf(_places, low, 0, Count);
            if (at >= 0)
            {
                _places[at] = _places[--Count];
            }

            return at >= 0;
        }
    }
}
