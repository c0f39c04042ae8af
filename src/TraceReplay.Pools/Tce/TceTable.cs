using TraceReplay.Pools.Bitmaps;
using TraceReplay.Pools.Geometry;

namespace TraceReplay.Pools.Tce;

/// <summary>What every TCE generation with a bitmap shares: the table, what its entries are numbered from, the handle
/// of each device's scatter-gather chain, and the counters.</summary>
internal sealed class TceTable
{
    /// <summary>More pages than this are a large request (<c>npages &gt; 15</c>, all versions).</summary>
    public const int MostSmallPages = 15;

    private const int DefaultBlock = 16; // it_blocksize of pSeries
    private const ulong DefaultBoundary = 0xffffffff; // dma_get_seg_boundary of a device that set none

    private readonly Dictionary<int, long> _handles = [];
    private readonly TceRules _rules;
    private readonly int _pageShift;

    /// <summary>An empty table with its reserved entries.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No kernel could have such a table.</exception>
    public TceTable(TceRules rules, PoolGeometry geometry)
    {
        _rules = rules;
        GeometryCheck.Range(geometry.Units, 4, 1L << 30, "entries");
        GeometryCheck.Range(geometry.UnitBytes, 1 << 12, 1 << 24, "bytes of an IOMMU page");
        GeometryCheck.PowerOfTwo(geometry.UnitBytes, "bytes of an IOMMU page");
        _pageShift = System.Numerics.BitOperations.Log2((ulong)geometry.UnitBytes);
        Units = (int)geometry.Units;
        Offset = geometry.More.GetValueOrDefault("offset", (long)(geometry.Base >> _pageShift));
        GeometryCheck.Range(Offset, 0, 1L << 52, "offset");
        BlockSize = (int)geometry.More.GetValueOrDefault("blocksize", DefaultBlock);
        GeometryCheck.Range(BlockSize, 1, 1 << 20, "blocksize");
        GeometryCheck.PowerOfTwo(BlockSize, "blocksize");
        Map = new FreeMap(Units);
        Reserve(geometry);
    }

    /// <summary>The entries.</summary>
    public FreeMap Map { get; }

    /// <summary>Entries of the table (<c>it_size</c>).</summary>
    public int Units { get; }

    /// <summary>Number of the first entry on the bus (<c>it_offset</c>).</summary>
    public long Offset { get; }

    /// <summary>Entries of a cache line (<c>it_blocksize</c>).</summary>
    public int BlockSize { get; }

    /// <summary>Entries in use, without the reserved ones.</summary>
    public long Used { get; set; }

    /// <summary>log2 of the bytes of an IOMMU page.</summary>
    public int PageShift => _pageShift;

    /// <summary>Entries a request asks for.</summary>
    public long PagesOf(in MapRequest request) => request.Units > 0
        ? request.Units
        : (Math.Clamp(request.Bytes, 0, 1L << 50) + (1L << _pageShift) - 1) >> _pageShift;

    /// <summary>Alignment of a request in entries, minus 1; orders above 30 cannot be met and count as 30.</summary>
    public static long AlignMaskOf(in MapRequest request) => (1L << (int)Math.Min(request.AlignMask, 30)) - 1;

    /// <summary>The device's DMA mask in entries.</summary>
    public long MaskOf(in MapRequest request) =>
        _rules.HasMask && request.Limit != 0 ? (long)(request.Limit >> _pageShift) : long.MaxValue;

    /// <summary>The search with the device's boundary.</summary>
    public BoundarySearch SearchOf(in MapRequest request)
    {
        var mask = request.SegmentBoundary == 0 ? DefaultBoundary : request.SegmentBoundary;
        var boundary = _rules.HasBoundary ? (mask >> _pageShift) + 1 : 0;
        return new BoundarySearch((ulong)Offset, boundary, _rules.JumpsToBoundary);
    }

    /// <summary>The entry a chain goes on at, 0 if the request has no chain: <see cref="MapRequest.Extra"/> 0 no
    /// handle, 1 a chain begins, 2 it goes on.</summary>
    public long HandleOf(in MapRequest request)
    {
        if (request.Extra == 1)
        {
            _handles[request.Device] = 0;
        }

        return request.Extra == 0 ? 0 : _handles.GetValueOrDefault(request.Device);
    }

    /// <summary>Takes the entries that a search found.</summary>
    public MapResult Take(in MapRequest request, int first, int n)
    {
        Map.Take(first, n);
        Used += n;
        if (request.Extra != 0)
        {
            _handles[request.Device] = first + n;
        }

        return new MapResult(MapOutcome.Mapped, first, n, (long)first << _pageShift);
    }

    /// <summary>An entry number rounded up to a fresh cache line.</summary>
    public long ToBlock(long entry) => (entry + BlockSize - 1) & ~(long)(BlockSize - 1);

    private void Reserve(PoolGeometry geometry)
    {
        if (_rules.ReservesEntryZero && Offset == 0)
        {
            Map.Pin(0, 1);
        }

        var first = geometry.More.GetValueOrDefault("res_start") - Offset;
        var end = geometry.More.GetValueOrDefault("res_end") - Offset;
        var (begin, count) = Map.Clip(Math.Max(first, 0), Math.Max(end, 0) - Math.Max(first, 0));
        if (count > 0)
        {
            Map.Pin(begin, count);
        }
    }
}
