using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>A log line without its envelope.</summary>
internal ref struct LogLine
{
    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Message;

    /// <summary>Time in <see cref="Clock"/>, <see cref="TraceEvent.NoTime"/> if none.</summary>
    public long TimeNs;

    /// <summary>Clock of the time.</summary>
    public ClockDomain Clock;

    /// <summary>Time of the log daemon's stamp in <see cref="WallClock"/>, where the line carries printk's too.</summary>
    public long WallNs;

    /// <summary>Clock of the log daemon's stamp, None if the line has but one.</summary>
    public ClockDomain WallClock;

    /// <summary>Name of the machine as the log daemon wrote it, empty if it stands nowhere.</summary>
    public ReadOnlySpan<byte> Host;

    /// <summary>syslog level 0..7, -1 if not told.</summary>
    public int Level;

    /// <summary>The line has an envelope that only a log has: a stamp, or a level.</summary>
    public readonly bool IsLog => HasStamp || Level >= 0;

    /// <summary>The line had a stamp of its own, so it is not the continuation of another.</summary>
    public bool HasStamp;
}
