using TraceReplay.Core;
using TraceReplay.Replay.Paging;

namespace TraceReplay.Replay;

/// <summary>Which pool an operation belongs to.</summary>
/// <param name="Kind">Kind of pool.</param>
/// <param name="Ref">Identity in the trace (table or domain pointer), 0 where one pool serves all.</param>
public readonly record struct PoolKey(PoolKind Kind, ulong Ref);

/// <summary>A place where the tracer lost events.</summary>
/// <param name="Operation">Index of the first operation after it.</param>
/// <param name="Events">Events lost, 0 = not told.</param>
/// <param name="Line">Line that says so.</param>
public readonly record struct LossPoint(int Operation, long Events, long Line);

/// <summary>The operations of a trace in order, for every what-if to run over them: in memory up to <see cref="RoomBytes"/>, what is above
/// in a temporary file.</summary>
public sealed class OperationLog
{
    /// <summary>Operations kept in memory, bytes: some 400,000.</summary>
    private const long RoomBytes = 48L << 20;

    private const long StateRoomBytes = 8L << 20;

    private readonly PagedArray<DmaOperation> _operations;
    private readonly PagedArray<int> _state = new(StateRoomBytes);
    private readonly Dictionary<PoolKey, int> _poolIndex = [];

    /// <summary>Creates an empty log.</summary>
    public OperationLog()
        : this(RoomBytes)
    {
    }

    /// <summary>Creates an empty log.</summary>
    /// <param name="roomBytes">Bytes of operations kept in memory.</param>
    public OperationLog(long roomBytes) => _operations = new PagedArray<DmaOperation>(roomBytes);

    /// <summary>Number of operations.</summary>
    public int Count => _operations.Count;

    /// <summary>Bytes of operations in a temporary file.</summary>
    public long SpilledBytes => _operations.SpilledBytes;

    /// <summary>Names of devices, tasks and consumers; shared by all sources.</summary>
    public NameTable Names { get; } = new();

    /// <summary>The pools met.</summary>
    public List<PoolKey> Pools { get; } = [];

    /// <summary>Where the tracer lost events in the middle: what is held after such a place is known within bounds only.</summary>
    public List<LossPoint> Losses { get; } = [];

    /// <summary>Bounces decided per device (interned in <see cref="Names"/>), by <c>swiotlb_bounced</c>.</summary>
    public Dictionary<int, BounceCount> Bounces { get; } = [];

    /// <summary>SCSI commands as the trace's own events show them.</summary>
    public CommandsInFlight Commands { get; } = new();

    /// <summary>Paths of the sources met.</summary>
    public List<string> Sources { get; } = [];

    /// <summary>An operation by index.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public DmaOperation this[int index]
    {
        get => _operations[index];
        set => _operations[index] = value;
    }

    /// <summary>Where an operation stands in the input.</summary>
    /// <param name="index">Index of an operation.</param>
    /// <returns>Path and line.</returns>
    public SourceRef PlaceOf(int index)
    {
        var operation = this[index];
        return new SourceRef(Sources[operation.Source], operation.Line);
    }

    /// <summary>Index of a pool, adding it at the first sight.</summary>
    /// <param name="key">The pool.</param>
    /// <returns>Index into <see cref="Pools"/>.</returns>
    public int PoolIndex(PoolKey key)
    {
        if (!_poolIndex.TryGetValue(key, out var index))
        {
            index = Pools.Count;
            Pools.Add(key);
            _poolIndex.Add(key, index);
        }

        return index;
    }

    /// <summary>Appends an operation.</summary>
    /// <param name="operation">The operation; copied.</param>
    public void Add(in DmaOperation operation) => _operations.Add(in operation);

    /// <summary>Drops the last operations.</summary>
    /// <param name="count">How many to keep.</param>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        _operations.Resize(count);
        Losses.RemoveAll(l => l.Operation > count);
    }

    /// <summary>Stores area state.</summary>
    /// <param name="values">Pairs (used, next index).</param>
    /// <returns>Offset for <see cref="DmaOperation.StateOffset"/>.</returns>
    public int AddState(ReadOnlySpan<int> values)
    {
        var offset = _state.Count;
        _state.Resize(offset + values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            _state[offset + i] = values[i];
        }

        return offset;
    }

    /// <summary>The area state the kernel had at the entry of an operation.</summary>
    /// <param name="operation">An operation of this log.</param>
    /// <returns>Pairs (used, next index), empty if the trace does not tell.</returns>
    public ReadOnlySpan<int> StateOf(in DmaOperation operation)
    {
        if (operation.StateCount == 0)
        {
            return [];
        }

        var values = new int[operation.StateCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = _state[operation.StateOffset + i];
        }

        return values;
    }

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        _operations.Resize(0);
        _state.Resize(0);
        _poolIndex.Clear();
        Pools.Clear();
        Losses.Clear();
    }
}
