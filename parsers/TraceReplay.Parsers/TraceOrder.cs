using TraceReplay.Core;

namespace TraceReplay.Parsers;

/// <summary>In which order the events of a trace stand, from when to when they are, and on which CPUs. The ring buffer of a CPU is in order of
/// time by itself; files of several CPUs, or of several buffers, may have been put one behind the other.</summary>
internal sealed class TraceOrder
{
    // Where the times of one CPU fall by more, another recording begins there: its clock may be another one.
    private const long SlightNs = 100_000_000;

    // CPUs' local clocks differ by less (sched_clock); what falls by so much is told.
    private const long ToldNs = 1_000_000;

    // No machine has more CPUs; a hostile trace may name any number.
    private const int MostCpus = 8192;

    private (long First, long Last)[] _byCpu = [];
    private long _previous = long.MinValue;
    private bool _hasUntimed;

    /// <summary>Least time, nanoseconds.</summary>
    public long First { get; private set; } = long.MaxValue;

    /// <summary>Greatest time.</summary>
    public long Last { get; private set; } = long.MinValue;

    /// <summary>There is no event with a time and a CPU.</summary>
    public bool IsEmpty => First > Last;

    /// <summary>How often the times fall.</summary>
    public long Falls { get; private set; }

    /// <summary>How often they fall further than the clocks of two CPUs may differ.</summary>
    public long LargeFalls { get; private set; }

    /// <summary>How far they fall at most, nanoseconds.</summary>
    public long LargestFall { get; private set; }

    /// <summary>How far the times of one CPU fall at most.</summary>
    public long LargestOfOneCpu { get; private set; }

    /// <summary>Adds events in the order in which they stand.</summary>
    /// <param name="events">The events.</param>
    public void Add(ReadOnlySpan<TraceEvent> events)
    {
        foreach (ref readonly var item in events)
        {
            var time = item.TimeNs;
            if (time == TraceEvent.NoTime || item.Cpu < 0)
            {
                _hasUntimed = true;
                continue;
            }

            ref var cpu = ref Cpu(Math.Min(item.Cpu, MostCpus));
            if (time < _previous)
            {
                Fall(time, cpu.Last);
            }

            _previous = time;
            cpu.First = Math.Min(cpu.First, time);
            cpu.Last = Math.Max(cpu.Last, time);
        }

        foreach (var (first, last) in _byCpu)
        {
            (First, Last) = (Math.Min(First, first), Math.Max(Last, last));
        }
    }

    /// <summary>Whether events out of order are to be taken in order of time: of one CPU they stand in order, or nearly so, and the CPUs were
    /// recorded together.</summary>
    /// <returns>False where all stand in order, or where time is no guide.</returns>
    public bool IsSortable() => Falls > 0 && !_hasUntimed && LargestOfOneCpu <= SlightNs && (LargestFall <= SlightNs || Enumerable.Range(0, _byCpu.Length).Where(IsUsed).All(cpu => IsBeside(_byCpu[cpu], _byCpu.Where((_, other) => other != cpu))));

    /// <summary>Whether this trace can be put into one order with others.</summary>
    /// <returns>False where events have no time, or a CPU's times fall.</returns>
    public bool MayJoin() => !_hasUntimed && !IsEmpty && LargestOfOneCpu <= SlightNs;

    /// <summary>Whether another trace is of other CPUs and largely of the same time.</summary>
    /// <param name="others">The other traces of one recording.</param>
    /// <returns>True if at least half of the shorter one is shared.</returns>
    public bool RunsBeside(IReadOnlyList<TraceOrder> others) => !IsEmpty
        && others.All(o => !o.IsEmpty && !Enumerable.Range(0, Math.Min(o._byCpu.Length, _byCpu.Length)).Any(cpu => IsUsed(cpu) && o.IsUsed(cpu))) && IsBeside((First, Last), others.Select(o => (o.First, o.Last)));

    private static bool IsBeside((long First, long Last) one, IEnumerable<(long First, long Last)> others)
    {
        var (first, last) = others.Aggregate((First: long.MaxValue, Last: long.MinValue), (sum, o) => (Math.Min(sum.First, o.First), Math.Max(sum.Last, o.Last)));
        if (first > last)
        {
            return false;
        }

        var shared = (decimal)Math.Min(one.Last, last) - Math.Max(one.First, first);
        return shared >= 0 && shared * 2 >= Math.Min((decimal)one.Last - one.First, (decimal)last - first);
    }

    private bool IsUsed(int cpu) => _byCpu[cpu].First <= _byCpu[cpu].Last;

    private ref (long First, long Last) Cpu(int cpu)
    {
        if (cpu >= _byCpu.Length)
        {
            var before = _byCpu.Length;
            Array.Resize(ref _byCpu, Math.Min(MostCpus + 1, Math.Max(cpu + 1, Math.Max(8, before * 2))));
            Array.Fill(_byCpu, (long.MaxValue, long.MinValue), before, _byCpu.Length - before);
        }

        return ref _byCpu[cpu];
    }

    private void Fall(long time, long lastOfCpu)
    {
        var fall = Distance(time, _previous);
        Falls++;
        LargeFalls += fall >= ToldNs ? 1 : 0;
        LargestFall = Math.Max(LargestFall, fall);
        LargestOfOneCpu = time < lastOfCpu ? Math.Max(LargestOfOneCpu, Distance(time, lastOfCpu)) : LargestOfOneCpu;
    }

    private static long Distance(long from, long to) => (long)Math.Min(unchecked((ulong)to - (ulong)from), long.MaxValue);
}
