using TraceReplay.Core;

namespace TraceReplay.Parsers;

/// <summary>From when to when the events of a trace are, and on which CPUs.</summary>
/// <param name="First">Least time, nanoseconds.</param>
/// <param name="Last">Greatest time.</param>
/// <param name="Cpus">A bit for each CPU; CPU 64 and more share those of the first.</param>
internal readonly record struct TraceSpan(long First, long Last, ulong Cpus)
{
    /// <summary>No event.</summary>
    public static TraceSpan None => new(long.MaxValue, long.MinValue, 0);

    /// <summary>There is no event with a time and a CPU.</summary>
    public bool IsEmpty => Cpus == 0 || First > Last;

    /// <summary>Adds events.</summary>
    /// <param name="events">The events.</param>
    /// <returns>The span with them.</returns>
    public TraceSpan With(ReadOnlySpan<TraceEvent> events)
    {
        var (first, last, cpus) = this;
        foreach (ref readonly var item in events)
        {
            if (item.Cpu >= 0 && item.TimeNs != TraceEvent.NoTime)
            {
                first = Math.Min(first, item.TimeNs);
                last = Math.Max(last, item.TimeNs);
                cpus |= 1UL << (item.Cpu & 63);
            }
        }

        return new TraceSpan(first, last, cpus);
    }

    /// <summary>Whether another trace is of other CPUs and largely of the same time.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True if at least half of the shorter one is shared.</returns>
    public bool RunsBeside(TraceSpan other)
    {
        if (IsEmpty || other.IsEmpty || (Cpus & other.Cpus) != 0)
        {
            return false;
        }

        var shared = (decimal)Math.Min(Last, other.Last) - Math.Max(First, other.First);
        return shared > 0 && shared * 2 >= Math.Min((decimal)Last - First, (decimal)other.Last - other.First);
    }
}
