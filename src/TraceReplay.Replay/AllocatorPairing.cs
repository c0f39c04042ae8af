using TraceReplay.Core;

namespace TraceReplay.Replay;

/// <summary>Pairs entry and return probes of an allocator by task, innermost first (an interrupt may map between the
/// two), and hands the operations on in the order of their entries.</summary>
internal sealed class AllocatorPairing(OperationLog log)
{
    /// <summary>An answer that has not come after this many later operations was missed by the tracer.</summary>
    private const int Window = 1024;

    /// <summary>Tasks whose last operation is remembered.</summary>
    private const int MostTasks = 1 << 16;

    private readonly DmaOperation[] _ring = new DmaOperation[Window];
    private readonly long[] _outer = new long[Window];
    private readonly bool[] _open = new bool[Window];
    private readonly Dictionary<int, long> _innermost = [];
    private readonly Dictionary<int, long> _last = [];
    private long _head;
    private long _tail;

    /// <summary>Whether any operation came from this layer.</summary>
    public bool Seen { get; set; }

    /// <summary>Requests without an answer.</summary>
    public long Unresolved { get; private set; }

    /// <summary>A request enters the allocator.</summary>
    /// <param name="operation">The request.</param>
    public void Request(in DmaOperation operation)
    {
        var slot = Push(in operation);
        _open[slot] = true;
        var key = Key(operation.Pid, operation.Cpu);
        _outer[slot] = _innermost.GetValueOrDefault(key, -1);
        _innermost[key] = _tail - 1;
    }

    /// <summary>The allocator returns.</summary>
    /// <param name="item">The return event.</param>
    public void Answer(in TraceEvent item)
    {
        var key = Key(item.Pid, Math.Max(item.Cpu, 0));
        if (!_innermost.TryGetValue(key, out var sequence) || sequence < _head)
        {
            _innermost.Remove(key);
            return;
        }

        var slot = (int)(sequence % Window);
        ref var operation = ref _ring[slot];
        operation.BusAddr = item.DmaAddr;
        operation.Result = IsFailure(log.Pools[operation.Pool].Kind, item.DmaAddr)
            ? OperationResult.Failed
            : OperationResult.Mapped;
        _open[slot] = false;
        if (_outer[slot] < 0)
        {
            _innermost.Remove(key);
        }
        else
        {
            _innermost[key] = _outer[slot];
        }

        PutAfterRelease(sequence);
        Drain();
    }

    /// <summary>Whether a task is inside the allocator: a pool it makes then is a transient one of its own.</summary>
    public bool IsInside(int pid, int cpu) =>
        _innermost.TryGetValue(Key(pid, Math.Max(cpu, 0)), out var sequence) && sequence >= _head
        && _open[(int)(sequence % Window)];

    /// <summary>A call chain that follows an operation of the same task.</summary>
    /// <param name="pid">Task.</param>
    /// <param name="cpu">CPU.</param>
    /// <param name="stack">Call chain in the log's names.</param>
    public void Stack(int pid, int cpu, int stack)
    {
        if (!_last.TryGetValue(Key(pid, Math.Max(cpu, 0)), out var sequence))
        {
            return;
        }

        if (sequence >= _head)
        {
            _ring[(int)(sequence % Window)].Stack = stack;
        }
        else if (log.Count - (_head - sequence) is >= 0 and var index && log[(int)index].Pid == pid)
        {
            // Operations are handed on in order, so the log's end and the ring's head move together.
            log[(int)index] = log[(int)index] with { Stack = stack };
        }
    }

    /// <summary>Another CPU may give a place back while this request is already in the allocator and then gets it: the
    /// release comes first, although the entry stands before it in the trace.</summary>
    private void PutAfterRelease(long map)
    {
        var mapSlot = (int)(map % Window);
        for (var other = map + 1; other < _tail; other++)
        {
            var slot = (int)(other % Window);
            if (!_open[slot] && _ring[slot].Kind == OperationKind.Unmap && _ring[slot].BusAddr == _ring[mapSlot].BusAddr
                && _ring[slot].Pool == _ring[mapSlot].Pool)
            {
                (_ring[mapSlot], _ring[slot]) = (_ring[slot], _ring[mapSlot]);
                return;
            }
        }
    }

    /// <summary>An operation that needs no answer.</summary>
    /// <param name="operation">The operation.</param>
    public void Complete(in DmaOperation operation)
    {
        _open[Push(in operation)] = false;
        Drain();
    }

    /// <summary>Hands on all that is pending.</summary>
    public void Flush()
    {
        while (_head < _tail)
        {
            HandOn();
        }

        _innermost.Clear();
    }

    /// <summary>alloc_iova_fast returns 0 for failure (drivers/iommu/iova.c); swiotlb_tbl_map_single all ones
    /// (kernel/dma/swiotlb.c).</summary>
    private static bool IsFailure(PoolKind kind, ulong answer) => kind == PoolKind.Iova
        ? answer == 0
        : answer == TraceEvent.MappingError || answer == uint.MaxValue;

    private static int Key(int pid, int cpu) => pid > 0 ? pid : -1 - cpu;

    private int Push(in DmaOperation operation)
    {
        if (_tail - _head == Window)
        {
            HandOn();
            Drain();
        }

        var slot = (int)(_tail % Window);
        _ring[slot] = operation;
        if (_last.Count >= MostTasks)
        {
            ForgetTasks();
        }

        _last[Key(operation.Pid, operation.Cpu)] = _tail;
        _tail++;
        return slot;
    }

    /// <summary>A call chain follows its operation at once: tasks that were heard of long ago are forgotten.</summary>
    private void ForgetTasks()
    {
        foreach (var task in _last.Where(task => task.Value < _tail - (MostTasks / 2)).Select(task => task.Key).ToList())
        {
            _last.Remove(task);
        }
    }

    private void Drain()
    {
        while (_head < _tail && !_open[(int)(_head % Window)])
        {
            HandOn();
        }
    }

    private void HandOn()
    {
        var slot = (int)(_head % Window);
        if (_open[slot])
        {
            Unresolved++;
        }

        log.Add(in _ring[slot]);
        _head++;
    }
}
