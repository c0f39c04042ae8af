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

    /// <summary>What the recording itself says of its clock; None = nothing.</summary>
    public ClockDomain Known { get; set; }

    /// <summary>What an integer clock of this source is, where its numbers were looked at; None = not.</summary>
    public ClockDomain Integer { get; set; }

    /// <summary>Notes a stamp.</summary>
    /// <param name="header">The line.</param>
    public void Saw(scoped in LineHeader header)
    {
        if (_first == TraceEvent.NoTime)
        {
            _first = header.Time;
            _isInteger = header.Decimals == 0;
            job.Clock = Decide(header.IsRelative);
        }

        Last = header.Time;
    }

    /// <summary>Settles the clock of a trace without events.</summary>
    public void Finish()
    {
        if (_first == TraceEvent.NoTime)
        {
            job.Clock = job.Options.TraceClock ?? (Known != ClockDomain.None ? Known : job.Incident.TraceClock ?? ClockDomain.None);
        }
    }

    private ClockDomain Decide(bool isRelative)
    {
        if (job.Options.TraceClock is { } told)
        {
            return told;
        }

        if (Known != ClockDomain.None)
        {
            return Known;
        }

        if (isRelative)
        {
            return ClockDomain.Relative;
        }

        if (_isInteger)
        {
            return job.Incident.TraceClock is ClockDomain.Counter or ClockDomain.Cycles or ClockDomain.Jiffies ? job.Incident.TraceClock.Value
                : Integer != ClockDomain.None ? Integer
                : _first < CounterMost ? ClockDomain.Counter : ClockDomain.Cycles;
        }

        return job.Incident.TraceClock ?? (_first > WallNs ? ClockDomain.Tai : ClockDomain.FtraceLocal);
    }
}
