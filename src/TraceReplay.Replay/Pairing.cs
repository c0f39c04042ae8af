using TraceReplay.Core;

namespace TraceReplay.Replay;

/// <summary>Turns events into operations: pairs each request with its answer and its release, and attributes consumers.
/// Where several layers of one trace show the same mappings, the one closest to the allocator is used: allocator probes,
/// else the DMA API's events.</summary>
public sealed class Pairing
{
    /// <summary>Fewer operations than this are no recording to compare.</summary>
    private const int LeastRecording = 8;

    private readonly Dictionary<(int Operations, ulong Hash), int> _recordings = [];
    private readonly OperationLog _log;
    private readonly AllocatorPairing _allocator;
    private readonly DmaApiPairing _api;
    private readonly ConsumerContext _context;
    private NameTable _sourceNames = NameTable.Shared;
    private int[] _idMap = new int[256];
    private int _source;
    private int _event;
    private int _firstOfSource;

    /// <summary>Creates a pairing that fills a log.</summary>
    /// <param name="log">Receives the operations.</param>
    public Pairing(OperationLog log)
    {
        _log = log;
        _context = new ConsumerContext();
        _allocator = new AllocatorPairing(log);
        _api = new DmaApiPairing(log);
    }

    /// <summary>Bounces decided per device (interned in the log's names), by <c>swiotlb_bounced</c>.</summary>
    public IReadOnlyDictionary<int, BounceCount> Bounces => _api.Bounces;

    /// <summary>Whether the operations come from allocator probes (exact) rather than from the DMA API's events.</summary>
    public bool FromAllocator => _allocator.Seen;

    /// <summary>Requests whose answer is not in the trace.</summary>
    public long Unresolved => _allocator.Unresolved;

    /// <summary>First and last time of any event seen, nanoseconds.</summary>
    public (long First, long Last) Times { get; private set; } = (TraceEvent.NoTime, TraceEvent.NoTime);

    /// <summary>A source begins.</summary>
    /// <param name="source">The source.</param>
    public void BeginSource(SourceInfo source)
    {
        _sourceNames = source.Names;
        Array.Clear(_idMap);
        _source = _log.Sources.Count;
        _event = 0;
        _firstOfSource = _log.Count;
        _log.Sources.Add(source.Path);
    }

    /// <summary>A recording of several sources begins, whose events come in one order.</summary>
    /// <param name="names">The names of all of them.</param>
    public void BeginRecording(NameTable names)
    {
        _sourceNames = names;
        Array.Clear(_idMap);
        _event = 0;
        _firstOfSource = _log.Count;
    }

    /// <summary>Takes a batch.</summary>
    /// <param name="batch">Events in order.</param>
    /// <param name="numbers">Numbers of the events within the source, where some were left out; empty = they follow on.</param>
    /// <param name="sources">Of a recording of several sources: where each event stands, as an index into <see cref="OperationLog.Sources"/>.</param>
    public void Add(EventBatch batch, ReadOnlySpan<int> numbers = default, ReadOnlySpan<int> sources = default)
    {
        if (batch.Count == 0)
        {
            return;
        }

        var events = batch.Span;
        NoteTime(events[0].TimeNs);
        NoteTime(events[^1].TimeNs);
        for (var i = 0; i < events.Length; i++)
        {
            _event = numbers.IsEmpty ? _event : numbers[i];
            _source = sources.IsEmpty ? _source : sources[i];
            Add(in events[i], batch);
            _event++;
        }
    }

    /// <summary>The source has ended: what is pending stays unresolved.</summary>
    /// <returns>The path of an earlier source that holds the very same recording (in another rendering), whose operations
    /// were therefore counted once; null if there is none.</returns>
    public string? EndSource()
    {
        _allocator.Flush();
        var first = Math.Min(_firstOfSource, _log.Count);
        if (_log.Count - first < LeastRecording)
        {
            return null;
        }

        var mark = (_log.Count - first, Fingerprint(first));
        if (_recordings.TryGetValue(mark, out var earlier))
        {
            _log.Truncate(first);
            return _log.Sources[earlier];
        }

        _recordings.Add(mark, _source);
        return null;
    }

    /// <summary>A hash over what every rendering of a recording has in common: the operations and where they went.</summary>
    private ulong Fingerprint(int first)
    {
        var hash = 14695981039346656037UL;
        for (var i = first; i < _log.Count; i++)
        {
            var operation = _log[i];
            hash = (hash ^ operation.BusAddr) * 1099511628211UL;
            hash = (hash ^ operation.PhysAddr) * 1099511628211UL;
            hash = (hash ^ ((ulong)operation.Bytes << 8) ^ (ulong)operation.Units ^ (ulong)operation.Kind) * 1099511628211UL;
        }

        return hash;
    }

    private void NoteTime(long time)
    {
        if (time != TraceEvent.NoTime)
        {
            Times = (Times.First == TraceEvent.NoTime ? time : Math.Min(Times.First, time),
                Times.Last == TraceEvent.NoTime ? time : Math.Max(Times.Last, time));
        }
    }

    private void Add(in TraceEvent item, EventBatch batch)
    {
        switch (item.Kind)
        {
            case EventKind.PoolMap:
                PreferAllocator();
                _allocator.Request(Operation(in item, batch, OperationKind.Map));
                break;
            case EventKind.IommuMap:
                _api.IommuSeen = true;
                break;
            case EventKind.Stack when item.TextId != 0:
                _allocator.Stack(item.Pid, item.Cpu, Id(item.TextId));
                break;
            case EventKind.Lost:
                _allocator.Flush();
                _log.Losses.Add(new LossPoint(_log.Count, item.Bytes, item.Line));
                break;
            case EventKind.PoolGrow when item is { DmaAddr: not 0, Units: > 0 } && !_allocator.IsInside(item.Pid, item.Cpu):
                PreferAllocator();
                var growth = Operation(in item, batch, OperationKind.Grow);
                growth.Extra = (byte)Math.Clamp(item.Arg, 1, 128);
                growth.Device = 0;
                _allocator.Complete(growth);
                break;
            case EventKind.PoolMapReturn:
                _allocator.Answer(in item);
                break;
            case EventKind.PoolUnmap:
                PreferAllocator();
                _allocator.Complete(Operation(in item, batch, OperationKind.Unmap));
                break;
            case EventKind.PoolMapped:
            case EventKind.PoolMapFailed:
                PreferAllocator();
                var whole = Operation(in item, batch, OperationKind.Map);
                whole.Result = item.Kind == EventKind.PoolMapped ? OperationResult.Mapped : OperationResult.Failed;
                _allocator.Complete(whole);
                break;
            case EventKind.Bounce:
                _api.Bounce(in item, Id(item.DeviceId));
                break;
            case EventKind.Map when !_allocator.Seen:
                _api.Map(Operation(in item, batch, OperationKind.Map));
                break;
            case EventKind.Unmap when !_allocator.Seen:
                _api.Unmap(Operation(in item, batch, OperationKind.Unmap));
                break;
            default:
                _log.Commands.Note(item.Kind);
                _context.Note(in item, item.ConsumerId == 0 ? 0 : Id(item.ConsumerId));
                break;
        }
    }

    private void PreferAllocator()
    {
        if (!_allocator.Seen)
        {
            _log.Clear();
            _firstOfSource = 0;
            _allocator.Seen = true;
        }
    }

    private DmaOperation Operation(in TraceEvent item, EventBatch batch, OperationKind kind)
    {
        var device = Id(item.DeviceId);
        var pool = item.Pool == PoolKind.Unknown ? PoolKind.Swiotlb : item.Pool;
        var operation = new DmaOperation
        {
            TimeNs = item.TimeNs, Line = item.Line, Cpu = Math.Max(item.Cpu, 0), Pid = item.Pid, Kind = kind,
            Bytes = item.Bytes, Units = item.Units, PhysAddr = item.PhysAddr, BusAddr = item.DmaAddr,
            AlignMask = item.AlignMask, Limit = item.Limit, UsedUnits = item.UsedUnits, Source = _source, Event = _event,
            Device = device, Comm = Id(item.CommId), Interrupt = item.Fields.HasFlag(EventFields.Interrupt),
            Coherent = item.Fields.HasFlag(EventFields.Coherent),
            Pool = _log.PoolIndex(new PoolKey(pool, pool == PoolKind.Swiotlb ? 0 : item.PoolRef)),
            Result = OperationResult.Unresolved,
        };
        if (pool == PoolKind.Iova)
        {
            // What states its answer itself is the last try, which may flush the caches (drivers/iommu/dma-iommu.c).
            operation.Extra = (byte)(item.Kind is EventKind.PoolMapped or EventKind.PoolMapFailed ? 1 : 0);
        }
        else if (pool == PoolKind.Tce)
        {
            operation.Extra = (byte)(!item.Fields.HasFlag(EventFields.Arg) ? 0 : item.Arg == 0 ? 1 : 2);
        }

        if (kind == OperationKind.Map)
        {
            if (item.Fields.HasFlag(EventFields.Forced))
            {
                var count = _log.Bounces.GetValueOrDefault(device);
                _log.Bounces[device] = count with { Forced = count.Forced + 1 };
            }

            operation.Consumer = item.ConsumerId != 0 ? Id(item.ConsumerId) : _context.ConsumerOf(in item, device);
            if (item.StateCount > 0)
            {
                operation.StateOffset = _log.AddState(batch.StateOf(in item));
                operation.StateCount = (short)item.StateCount;
            }
        }

        return operation;
    }

    /// <summary>Maps a name id of the source to the log's names.</summary>
    private int Id(int sourceId)
    {
        if (sourceId == 0)
        {
            return 0;
        }

        if (sourceId >= _idMap.Length)
        {
            Array.Resize(ref _idMap, Math.Max(sourceId + 1, _idMap.Length * 2));
        }

        ref var id = ref _idMap[sourceId];
        return id != 0 ? id : id = _log.Names.Intern(_sourceNames.Bytes(sourceId));
    }
}
