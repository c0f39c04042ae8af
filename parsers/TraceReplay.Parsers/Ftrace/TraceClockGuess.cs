using TraceReplay.Core;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Finds out which clock a trace uses: the user knows, or a sidecar file says, or the numbers tell
/// (spec formats.md 2.1).</summary>
internal sealed class TraceClockGuess(SourceJob job)
{
    // 1e9 s after 1970 is 2001: no machine is up that long.
    private const long WallNs = 1_000_000_000L * 1_000_000_000L;
    private const long CounterMost = 10_000_000;

    private long _first = TraceEvent.NoTime;
    private bool _isInteger;

    /// <summary>The last stamp.</summary>
    public long Last { get; private set; } = TraceEvent.NoTime;

    /// <summary>Notes a stamp.</summary>
    /// <param name="time">Nanoseconds or integer.</param>
    /// <param name="decimals">Decimals of the stamp.</param>
    public void Saw(long time, int decimals)
    {
        if (_first == TraceEvent.NoTime)
        {
            _first = time;
            _isInteger = decimals == 0;
            job.Clock = Decide();
        }

        Last = time;
    }

    /// <summary>Settles the clock of a trace without events.</summary>
    public void Finish()
    {
        if (_first == TraceEvent.NoTime)
        {
            job.Clock = job.Options.TraceClock ?? job.Incident.TraceClock ?? ClockDomain.None;
        }
    }

    private ClockDomain Decide()
    {
        if (job.Options.TraceClock is { } told)
        {
            return told;
        }

        if (_isInteger)
        {
            return job.Incident.TraceClock is ClockDomain.Counter or ClockDomain.Cycles
                ? job.Incident.TraceClock.Value
                : _first < CounterMost ? ClockDomain.Counter : ClockDomain.Cycles;
        }

        return job.Incident.TraceClock ?? (_first > WallNs ? ClockDomain.Tai : ClockDomain.FtraceLocal);
    }
}
