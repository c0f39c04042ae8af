using TraceReplay.Core;

namespace TraceReplay.Pools;

/// <summary>A pool's allocator as one kernel generation runs it: a pure state machine. Same inputs, same answers; no
/// clock, no randomness, no I/O. Every answer equals the kernel's, whatever data structure finds it.</summary>
public interface IPoolModel
{
    /// <summary>Kind of pool.</summary>
    PoolKind Kind { get; }

    /// <summary>Name of the model with its generation (<c>swiotlb-G4</c>).</summary>
    string Name { get; }

    /// <summary>Geometry it was made with.</summary>
    PoolGeometry Geometry { get; }

    /// <summary>Units taken, O(1).</summary>
    long UsedUnits { get; }

    /// <summary>Takes units for one request.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Where, or why not.</returns>
    MapResult Map(in MapRequest request);

    /// <summary>Gives units back.</summary>
    /// <param name="firstUnit">First unit, as <see cref="MapResult.FirstUnit"/> said.</param>
    /// <param name="units">Number of units.</param>
    /// <param name="cpu">CPU of the call (matters to per-CPU caches).</param>
    void Unmap(long firstUnit, long units, int cpu);

    /// <summary>Forces units to be in use: holdings from before a trace, or an answer of the real kernel that differs
    /// from the model's. Search state is not changed. Units already in use stay so.</summary>
    /// <param name="firstUnit">First unit.</param>
    /// <param name="units">Number of units.</param>
    /// <returns>How many of them were free before.</returns>
    long Occupy(long firstUnit, long units);

    /// <summary>Whether every unit of a range is free.</summary>
    /// <param name="firstUnit">First unit.</param>
    /// <param name="units">Number of units.</param>
    /// <returns>True if all are free.</returns>
    bool IsFree(long firstUnit, long units);

    /// <summary>Number of areas or sub-pools, 1 if the pool has none.</summary>
    int Areas { get; }

    /// <summary>Units in use in one area.</summary>
    /// <param name="area">Area number.</param>
    /// <returns>Units.</returns>
    long AreaUsed(int area);

    /// <summary>The next search index of an area, relative to the area's first unit.</summary>
    /// <param name="area">Area number.</param>
    /// <returns>The index.</returns>
    long SearchIndex(int area);

    /// <summary>Sets the next search index of an area, as read from a running kernel.</summary>
    /// <param name="area">Area number.</param>
    /// <param name="index">Index relative to the area's first unit.</param>
    void SetSearchIndex(int area, long index);

    /// <summary>The longest run of free units that one request could get, ignoring alignment; not on the hot
    /// path.</summary>
    /// <returns>Units.</returns>
    long LargestFreeRun();

    /// <summary>Most units one request can ever get from this pool (swiotlb: 128), whatever is free.</summary>
    long MaxRequestUnits { get; }

    /// <summary>How many units the model takes for a request if it succeeds.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Units.</returns>
    long UnitsFor(in MapRequest request);

    /// <summary>Writes the state line in the form of the conformance vectors (after <c>s</c>).</summary>
    /// <param name="output">Receives one line without its end.</param>
    void WriteState(TextWriter output);
}

/// <summary>One request to a pool. Fields that a pool kind does not know are ignored by its models.</summary>
public struct MapRequest
{
    /// <summary>CPU of the call.</summary>
    public int Cpu;

    /// <summary>Size, bytes (swiotlb).</summary>
    public long Bytes;

    /// <summary>Size, units (TCE entries, GART pages, IOVA page frames); 0 = from <see cref="Bytes"/>.</summary>
    public long Units;

    /// <summary>Physical address of the caller's buffer.</summary>
    public ulong PhysAddr;

    /// <summary>Alignment asked for: byte mask (swiotlb), order (TCE), page mask (GART), 0/1 size-aligned
    /// (IOVA).</summary>
    public ulong AlignMask;

    /// <summary>The device's dma_get_min_align_mask().</summary>
    public ulong MinAlignMask;

    /// <summary>The device's dma_get_seg_boundary(); all ones = none, 0 = not told: what a device has that set
    /// none.</summary>
    public ulong SegmentBoundary;

    /// <summary>The device's DMA mask in bytes (TCE), or limit_pfn, inclusive (IOVA); 0 = not told: no limit within the
    /// pool.</summary>
    public ulong Limit;

    /// <summary>Model-specific extra. TCE: 0 no handle, 1 a scatter-gather chain begins, 2 it goes on. IOVA: 1 = the
    /// caches may be flushed before failing.</summary>
    public long Extra;

    /// <summary>Which device profile, for per-device state (TCE handle).</summary>
    public int Device;
}

/// <summary>How a request ended.</summary>
public enum MapOutcome : byte
{
    /// <summary>Units were taken.</summary>
    Mapped,

    /// <summary>The pool could not serve it.</summary>
    Failed,

    /// <summary>The kernel's search never ends for this request.</summary>
    Livelock,
}

/// <summary>The answer to a request.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="FirstUnit">First unit taken, from the pool's start.</param>
/// <param name="Units">Units taken.</param>
/// <param name="Offset">Bytes from the pool's start to the address the caller gets (swiotlb).</param>
public readonly record struct MapResult(MapOutcome Outcome, long FirstUnit, long Units, long Offset)
{
    /// <summary>A plain failure.</summary>
    public static MapResult Failed => new(MapOutcome.Failed, -1, 0, 0);

    /// <summary>An endless search.</summary>
    public static MapResult Livelock => new(MapOutcome.Livelock, -1, 0, 0);

    /// <summary>Whether units were taken.</summary>
    public bool Ok => Outcome == MapOutcome.Mapped;
}

/// <summary>Geometry of a pool. Values that a kind does not have are 0.</summary>
public sealed record PoolGeometry
{
    /// <summary>Kind of pool.</summary>
    public required PoolKind Kind { get; init; }

    /// <summary>Kernel version it behaves as (<c>6.1.192</c>).</summary>
    public required string Kernel { get; init; }

    /// <summary>Units in the pool.</summary>
    public required long Units { get; init; }

    /// <summary>Bytes of one unit.</summary>
    public required long UnitBytes { get; init; }

    /// <summary>Bus address of the first unit (0 if not known).</summary>
    public ulong Base { get; init; }

    /// <summary>Areas or sub-pools.</summary>
    public int Areas { get; init; } = 1;

    /// <summary>log2 of the CPU page size.</summary>
    public int PageShift { get; init; } = 12;

    /// <summary>Whether the base is real (alignment of answers depends on it) or assumed.</summary>
    public bool BaseKnown { get; init; }

    /// <summary>Further values by name (TCE <c>offset</c>, <c>blocksize</c>, IOVA <c>start_pfn</c>, …).</summary>
    public IReadOnlyDictionary<string, long> More { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);
}
