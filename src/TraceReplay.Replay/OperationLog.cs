using TraceReplay.Core;

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

/// <summary>The operations of a trace in order, held compactly in chunks so that every what-if can run over them.</summary>
public sealed class OperationLog
{
    private const int ChunkBits = 13;
    private const int ChunkSize = 1 << ChunkBits;
    private readonly List<DmaOperation[]> _chunks = [];
    private readonly List<int[]> _state = [];
    private readonly Dictionary<PoolKey, int> _poolIndex = [];
    private int _stateCount;

    /// <summary>Number of operations.</summary>
    public int Count { get; private set; }

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
    public ref DmaOperation this[int index] => ref _chunks[index >> ChunkBits][index & (ChunkSize - 1)];

    /// <summary>Where an operation stands in the input.</summary>
    /// <param name="index">Index of an operation.</param>
    /// <returns>Path and line.</returns>
    public SourceRef PlaceOf(int index)
    {
        ref var operation = ref this[index];
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
    public void Add(in DmaOperation operation)
    {
        if (Count >> ChunkBits == _chunks.Count)
        {
            _chunks.Add(new DmaOperation[ChunkSize]);
        }

        _chunks[Count >> ChunkBits][Count & (ChunkSize - 1)] = operation;
        Count++;
    }

    /// <summary>Drops the last operations.</summary>
    /// <param name="count">How many to keep.</param>
    public void Truncate(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count);
        Count = count;
        _chunks.RemoveRange((count + ChunkSize - 1) >> ChunkBits, _chunks.Count - ((count + ChunkSize - 1) >> ChunkBits));
        Losses.RemoveAll(l => l.Operation > count);
    }

    /// <summary>Stores area state.</summary>
    /// <param name="values">Pairs (used, next index).</param>
    /// <returns>Offset for <see cref="DmaOperation.StateOffset"/>.</returns>
    public int AddState(ReadOnlySpan<int> values)
    {
        const int size = 1 << 16;
        if (_state.Count == 0 || (_stateCount & (size - 1)) + values.Length > size)
        {
            _state.Add(new int[size]);
            _stateCount = (_state.Count - 1) * size;
        }

        values.CopyTo(_state[^1].AsSpan(_stateCount & (size - 1)));
        var offset = _stateCount;
        _stateCount += values.Length;
        if ((_stateCount & (size - 1)) == 0)
        {
            _state.Add(new int[size]);
        }

        return offset;
    }

    /// <summary>The area state the kernel had at the entry of an operation.</summary>
    /// <param name="operation">An operation of this log.</param>
    /// <returns>Pairs (used, next index), empty if the trace does not tell.</returns>
    public ReadOnlySpan<int> StateOf(in DmaOperation operation) => operation.StateCount == 0
        ? []
        : _state[operation.StateOffset >> 16].AsSpan(operation.StateOffset & 0xffff, operation.StateCount);

    /// <summary>Drops everything.</summary>
    public void Clear()
    {
        _chunks.Clear();
        _state.Clear();
        _poolIndex.Clear();
        Pools.Clear();
        Losses.Clear();
        Count = 0;
        _stateCount = 0;
    }
}
