using TraceReplay.Core;

namespace TraceReplay.Replay;

/// <summary>How many SCSI commands were on their way at once, by the events of their start and end.</summary>
public sealed class CommandsInFlight
{
    private long _now;

    /// <summary>Commands that were started.</summary>
    public long Started { get; private set; }

    /// <summary>Most commands on their way at once; what was started before the trace is not in it.</summary>
    public long Peak { get; private set; }

    /// <summary>An event passes.</summary>
    /// <param name="kind">Its kind; only the start and the end of SCSI commands count.</param>
    internal void Note(EventKind kind)
    {
        if (kind == EventKind.ScsiStart)
        {
            Started++;
            Peak = Math.Max(Peak, ++_now);
        }
        else if (kind is EventKind.ScsiDone or EventKind.ScsiError && _now > 0)
        {
            _now--;
        }
    }
}
