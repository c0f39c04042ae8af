using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools.Geometry;

namespace TraceReplay.Pools.Iova;

/// <summary>The IO virtual address space of one IOMMU domain, with or without the per-CPU caches. Mirrors
/// <c>alloc_iova</c>, <c>alloc_iova_fast</c> and their releases in drivers/iommu/iova.c; spec/iommu-pools.md 3.2 to
/// 3.4. Lazily flushed unmaps are not part of it: a release counts when the kernel's free function is called.</summary>
internal sealed class IovaModel : IPoolModel
{
    private const int MostCpus = 4096;
    private const ulong CachedPages = 1UL << (IovaMagazines.Classes - 1);

    private readonly IovaRules _rules;
    private readonly IovaDomain _domain;
    private readonly IovaMagazines? _magazines;
    private readonly Dictionary<ulong, ulong> _live = []; // pages by first page
    private readonly Action<ulong> _toTree;
    private readonly ulong _start;
    private readonly int _cpus;
    private ulong _used;

    /// <summary>An empty domain with its reserved range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a domain.</exception>
    public IovaModel(IovaRules rules, PoolGeometry geometry)
    {
        _rules = rules;
        Geometry = geometry;
        GeometryCheck.Range(geometry.Units, 1, 1L << 52, "pages");
        GeometryCheck.Range(geometry.UnitBytes, 1 << 12, 1 << 24, "bytes of a page");
        GeometryCheck.PowerOfTwo(geometry.UnitBytes, "bytes of a page");
        _start = (ulong)geometry.More.GetValueOrDefault("start_pfn", 1);
        _cpus = (int)geometry.More.GetValueOrDefault("ncpus", 1);
        GeometryCheck.Range(_cpus, 1, MostCpus, "CPUs");
        _domain = new IovaDomain(rules, _start, (1UL << 32) / (ulong)geometry.UnitBytes);
        _magazines = rules.HasCaches && geometry.More.GetValueOrDefault("fast", 1) != 0 ? new IovaMagazines(rules, _cpus) : null;
        _toTree = _domain.Free;
        var reservedEnd = geometry.More.GetValueOrDefault("res_hi");
        if (reservedEnd > 0)
        {
            var reserved = geometry.More.GetValueOrDefault("res_lo");
            GeometryCheck.Range(reserved, 0, reservedEnd, "first reserved page");
            _domain.Reserve((ulong)reserved, (ulong)reservedEnd);
        }
    }

    /// <inheritdoc/>
    public PoolKind Kind => PoolKind.Iova;

    /// <inheritdoc/>
    public string Name => "iova-" + _rules.Generation;

    /// <inheritdoc/>
    public PoolGeometry Geometry { get; }

    /// <summary>Pages of live ranges; those parked in caches are not among them.</summary>
    public long UsedUnits => (long)_used;

    /// <inheritdoc/>
    public int Areas => 1;

    /// <inheritdoc/>
    public long MaxRequestUnits => Geometry.Units - (long)_start;

    /// <inheritdoc/>
    public MapResult Map(in MapRequest request)
    {
        var n = (ulong)UnitsFor(request);
        if (n == 0)
        {
            return MapResult.Failed;
        }

        var limit = request.Limit == 0 ? (ulong)Geometry.Units - 1 : request.Limit;
        var found = _magazines is null
            ? _domain.TryAllocate(n, limit, request.AlignMask != 0, out var low)
            : TryAllocateFast(request, n, limit, out low);
        if (!found)
        {
            return MapResult.Failed;
        }

        _live[low] = n;
        _used += n;
        return new MapResult(MapOutcome.Mapped, (long)low, (long)n, unchecked((long)low * Geometry.UnitBytes));
    }

    /// <inheritdoc/>
    public void Unmap(long firstUnit, long units, int cpu)
    {
        var low = (ulong)firstUnit;
        if (!_live.Remove(low, out var n))
        {
            return;
        }

        _used -= n;
        var sizeClass = IovaMagazines.ClassOf(units > 0 ? (ulong)units : n);
        if (_magazines is null || sizeClass >= IovaMagazines.Classes)
        {
            _domain.Free(low);
            return;
        }

        if (_magazines.Put(CpuOf(cpu), sizeClass, low) is { } overflow)
        {
            for (var i = 0; i < overflow.Count; i++)
            {
                _domain.Free(overflow[i]);
            }

            _magazines.Recycle(overflow);
        }
    }

    /// <inheritdoc/>
    public long Occupy(long firstUnit, long units)
    {
        if (firstUnit < 0 || units <= 0)
        {
            return 0;
        }

        var end = (ulong)firstUnit + (ulong)units;
        Unpark((ulong)firstUnit, end);
        var before = _used;
        var at = (ulong)firstUnit;
        while (at < end)
        {
            if (_domain.Tree.TryGetLastTo(at, out _, out var high) && high >= at)
            {
                at = high + 1;
                continue;
            }

            var stop = Math.Min(end, _domain.Tree.FirstFrom(at));
            _domain.Reserve(at, stop - 1);
            _live[at] = stop - at;
            _used += stop - at;
            at = stop;
        }

        return (long)(_used - before);
    }

    /// <summary>Whether no page of a range is mapped or reserved; pages parked in caches are free.</summary>
    public bool IsFree(long firstUnit, long units)
    {
        if (firstUnit < 0 || units <= 0)
        {
            return false;
        }

        var at = (ulong)firstUnit + (ulong)units - 1;
        while (_domain.Tree.TryGetLastTo(at, out var low, out var high) && high >= (ulong)firstUnit)
        {
            if (_live.ContainsKey(low) || !IsParked(low))
            {
                return false;
            }

            if (low == 0)
            {
                break;
            }

            at = low - 1;
        }

        return true;
    }

    /// <inheritdoc/>
    public long AreaUsed(int area) => (long)_used;

    /// <summary>Where the range under the 32-bit cursor begins, <see cref="PoolGeometry.Units"/> for the
    /// anchor.</summary>
    public long SearchIndex(int area) =>
        _domain.Cursor32 == IovaTree.Anchor ? Geometry.Units : (long)_domain.Cursor32;

    /// <inheritdoc/>
    public void SetSearchIndex(int area, long index) => _domain.Cursor32 = _domain.Tree.FirstFrom((ulong)Math.Max(0, index));

    /// <inheritdoc/>
    public long LargestFreeRun() => (long)_domain.Tree.LargestGap(_start, (ulong)Geometry.Units);

    /// <inheritdoc/>
    public long UnitsFor(in MapRequest request)
    {
        var n = request.Units > 0
            ? Math.Min(request.Units, 1L << 52)
            : (Math.Clamp(request.Bytes, 0, 1L << 60) + Geometry.UnitBytes - 1) / Geometry.UnitBytes;
        var isRounded = _magazines is not null ? (ulong)n < CachedPages : _rules.RoundsAligned && request.AlignMask != 0;
        return isRounded && n > 0 ? 1L << IovaMagazines.ClassOf((ulong)n) : n;
    }

    /// <inheritdoc/>
    public void WriteState(TextWriter output) => output.Write(string.Create(CultureInfo.InvariantCulture,
        $"used={_used} nodes={_domain.Tree.Count} tree_pages={_domain.Tree.Pages} cached={_domain.Cursor:x} "
        + $"cached32={_domain.Cursor32:x} max32={_domain.FailedSize32} tree_fnv={_domain.Tree.Hash():x16}"));

    private bool TryAllocateFast(in MapRequest request, ulong n, ulong limit, out ulong low)
    {
        var sizeClass = IovaMagazines.ClassOf(n);
        if (sizeClass < IovaMagazines.Classes
            && _magazines!.TryGet(CpuOf(request.Cpu), sizeClass, unchecked(limit + 1 - n), out low))
        {
            return true;
        }

        if (_domain.TryAllocate(n, limit, true, out low))
        {
            return true;
        }

        if (request.Extra == 0)
        {
            return false;
        }

        _magazines!.Drain(_toTree);
        return _domain.TryAllocate(n, limit, true, out low);
    }

    private int CpuOf(int cpu) => (int)((uint)cpu % (uint)_cpus);

    private bool IsParked(ulong low) => _magazines is not null && !IsReserved(low);

    private bool IsReserved(ulong low)
    {
        var end = Geometry.More.GetValueOrDefault("res_hi");
        return end > 0 && low == (ulong)Geometry.More.GetValueOrDefault("res_lo");
    }

    /// <summary>Takes ranges that lie parked in caches out of them: the real kernel handed them out.</summary>
    private void Unpark(ulong first, ulong end)
    {
        var at = end - 1;
        while (_magazines is not null && _domain.Tree.TryGetLastTo(at, out var low, out var high) && high >= first)
        {
            if (!_live.ContainsKey(low) && _magazines.Remove(low))
            {
                _domain.Free(low);
            }

            if (low == 0)
            {
                break;
            }

            at = low - 1;
        }
    }
}
