using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Distance of printk's clock from the log daemon's, out of lines that carry both stamps. The daemon only ever adds
/// delay, so the least distance is the true one (spec formats.md 0).</summary>
/// <param name="job">The source.</param>
internal sealed class WallClocks(SourceJob job)
{
    private readonly SortedDictionary<int, (ClockDomain Clock, long WallNs, long TimeNs, SourceRef Source)> _least = [];

    /// <summary>A line of a boot.</summary>
    /// <param name="line">The line.</param>
    /// <param name="boot">Number of its boot.</param>
    /// <param name="source">Where it stands.</param>
    public void Observe(scoped in LogLine line, int boot, SourceRef source)
    {
        if (line.Clock != ClockDomain.BootPrintk || line.WallClock is not (ClockDomain.WallUtc or ClockDomain.WallLocalUnknownZone))
        {
            return;
        }

        var offset = line.WallNs - line.TimeNs;
        if (!_least.TryGetValue(boot, out var known) || offset < known.WallNs - known.TimeNs)
        {
            _least[boot] = (line.WallClock, line.WallNs, line.TimeNs, source);
        }
    }

    /// <summary>Hands over one distance for each boot.</summary>
    public void Flush()
    {
        foreach (var (clock, wall, time, source) in _least.Values)
        {
            var isPending = PendingTime.Is(wall);
            job.Fact(new ClockOffsetFact(
                ClockDomain.BootPrintk, isPending ? job.Years!.Clock : clock, (isPending ? job.Years!.Settled(wall) : wall) - time, source));
        }
    }
}
