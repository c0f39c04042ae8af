using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Finds out which clock a trace uses: the user knows, or a sidecar file says, or the numbers tell
/// (spec formats.md 2.1). Watches whether the clock goes back.</summary>
internal sealed class TraceClockGuess(SourceJob job)
{
    // 1e9 s after 1970 is 2001: no machine is up that long.
    private const long WallNs = 1_000_000_000L * 1_000_000_000L;
    private const long CounterMost = 10_000_000;

    // CPUs' local clocks differ by less (sched_clock); a larger step back is a clock that was set, or a second recording.
    private const long LargeStepNs = 1_000_000;

    private long _first = TraceEvent.NoTime;
    private bool _isInteger;
    private long _stepsBack;
    private long _largestStep;

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
        else if (header.Time < Last)
        {
            var step = unchecked((ulong)Last - (ulong)header.Time);
            if (step >= LargeStepNs || _isInteger)
            {
                _stepsBack++;
                _largestStep = Math.Max(_largestStep, (long)Math.Min(step, long.MaxValue));
            }
        }

        Last = header.Time;
    }

    /// <summary>Settles the clock of a trace without events, and tells of a clock that went back.</summary>
    public void Finish()
    {
        if (_first == TraceEvent.NoTime)
        {
            job.Clock = job.Options.TraceClock ?? (Known != ClockDomain.None ? Known : job.Incident.TraceClock ?? ClockDomain.None);
        }

        if (_stepsBack > 0)
        {
            var step = _isInteger
                ? _largestStep.ToString(CultureInfo.InvariantCulture) + " ticks"
                : ((decimal)_largestStep / 1_000_000_000).ToString("0.000", CultureInfo.InvariantCulture) + " s";
            job.Report(Notice.TimeGoesBack, 0, string.Create(CultureInfo.InvariantCulture, $"{_stepsBack} times, by up to {step}"));
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
