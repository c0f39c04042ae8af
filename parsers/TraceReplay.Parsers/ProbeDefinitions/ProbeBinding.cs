namespace TraceReplay.Parsers.ProbeDefinitions;

/// <summary>What an allocator probe tells. The spelling in binding files is that of <see cref="ProbeWords"/>.</summary>
internal enum ProbeMeaning
{
    /// <summary>Not an allocator probe this version knows.</summary>
    None,

    /// <summary>Entry of the swiotlb slot allocator.</summary>
    SwiotlbMap,

    /// <summary>Return of the swiotlb slot allocator.</summary>
    SwiotlbMapReturn,

    /// <summary>Slots are given back.</summary>
    SwiotlbUnmap,

    /// <summary>Geometry of a pool read from kernel memory.</summary>
    Geometry,

    /// <summary>Entry of the IOVA allocator.</summary>
    IovaMap,

    /// <summary>Return of the IOVA allocator.</summary>
    IovaMapReturn,

    /// <summary>IOVAs are given back.</summary>
    IovaFree,

    /// <summary>Entry of the TCE allocator.</summary>
    TceMap,

    /// <summary>Return of the TCE allocator.</summary>
    TceMapReturn,

    /// <summary>A TCE range was found.</summary>
    TceMapped,

    /// <summary>No TCE range was found.</summary>
    TceFailed,

    /// <summary>A TCE range is given back.</summary>
    TceFree,

    /// <summary>One area of one pool is searched (dynamic swiotlb).</summary>
    Search,

    /// <summary>Result of the search of one area.</summary>
    SearchReturn,

    /// <summary>A pool is about to be created.</summary>
    PoolCreate,

    /// <summary>A pool was created, or not.</summary>
    PoolCreateReturn,

    /// <summary>A pool is freed.</summary>
    PoolFree,
}

/// <summary>What an argument of an allocator probe tells.</summary>
internal enum ProbeField : byte
{
    /// <summary>Nothing this version uses.</summary>
    None,

    /// <summary>Device name.</summary>
    Device,

    /// <summary>Address of the caller's buffer.</summary>
    Orig,

    /// <summary>Bytes to map.</summary>
    Size,

    /// <summary>Bytes to allocate.</summary>
    AllocSize,

    /// <summary>Alignment mask.</summary>
    AlignMask,

    /// <summary>DMA direction, the kernel's number.</summary>
    Direction,

    /// <summary>Units in use in all.</summary>
    Used,

    /// <summary>Units in all.</summary>
    Total,

    /// <summary>Result of the function.</summary>
    Result,

    /// <summary>Address or first unit that is given back.</summary>
    Address,

    /// <summary>Pointer to the pool, table or domain.</summary>
    Pool,

    /// <summary>First address of the pool.</summary>
    PoolStart,

    /// <summary>Address after the pool.</summary>
    PoolEnd,

    /// <summary>Units of the pool.</summary>
    PoolUnits,

    /// <summary>Areas of the pool.</summary>
    PoolAreas,

    /// <summary>The pool is transient.</summary>
    Transient,

    /// <summary>Number of the area searched.</summary>
    Area,

    /// <summary>Units asked for or given back.</summary>
    Units,

    /// <summary>Upper limit of the search.</summary>
    Limit,

    /// <summary>First unit found (TCE).</summary>
    Entry,

    /// <summary>Where the search was told to begin (TCE).</summary>
    Handle,

    /// <summary>Number of the pass over the table (TCE).</summary>
    Pass,

    /// <summary>Everything bounces.</summary>
    Force,

    /// <summary>The pool can grow.</summary>
    CanGrow,

    /// <summary>Pointer to the pool's RCU head.</summary>
    Rcu,

    /// <summary>Bus address that is given back, where no entry number is printed (TCE).</summary>
    BusAddress,

    /// <summary>Number of the table's first entry on the bus (TCE).</summary>
    TableOffset,

    /// <summary>Number of fields that have one value each; what follows is numbered by area.</summary>
    Count,

    /// <summary>Slots in use in one area.</summary>
    AreaUsed,

    /// <summary>Next index of one area.</summary>
    AreaNext,
}

/// <summary>A field of a probe, and the area for the per-area ones.</summary>
/// <param name="Field">What it tells.</param>
/// <param name="Area">Area number.</param>
internal readonly record struct BoundField(ProbeField Field, int Area);

/// <summary>What one probe event means.</summary>
/// <param name="Meaning">Meaning of the event.</param>
/// <param name="FieldOf">Meaning of a field by its name.</param>
/// <param name="RcuOffset">What to add to <see cref="ProbeField.Rcu"/> to get the pool's pointer, 0 = not known.</param>
internal sealed record ProbeBinding(ProbeMeaning Meaning, Func<string, BoundField> FieldOf, long RcuOffset = 0);
