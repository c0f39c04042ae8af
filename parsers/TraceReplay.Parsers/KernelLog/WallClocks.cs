using TraceReplay.Core;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Distance of printk's clock from the log daemon's, out of lines that carry both stamps. The daemon only ever adds delay, so the least
/// distance is the true one (spec formats.md 0). A distance that stays another one is a clock that was set, or a machine that slept: printk's clock
/// then stood still.</summary>
/// <param name="job">The source.</param>
internal sealed class WallClocks(SourceJob job)
{
    private const long SecondNs = 1_000_000_000;

    // syslog writes whole seconds, and lines wait for their daemon.
    private const long SameNs = 2 * SecondNs;

    // Late lines of one moment agree with each other; a clock that was set is another one for longer.
    private const int LeastLines = 3;
    private const long LeastNs = 10 * SecondNs;

    private const int MostSpans = 64;

    private readonly SortedDictionary<int, List<Span>> _boots = [];
    private Span? _other;
    private int _otherBoot;

    /// <summary>Takes a line of a boot.</summary>
    /// <param name="line">The line.</param>
    /// <param name="boot">Number of its boot.</param>
    /// <param name="source">Where it stands.</param>
    public void Observe(scoped in LogLine line, int boot, SourceRef source)
    {
        if (line.Clock == ClockDomain.BootPrintk && line.WallClock is ClockDomain.WallUtc or ClockDomain.WallLocalUnknownZone)
        {
            Both(line, boot, source);
        }
    }

    /// <summary>In a log of the kernel's stamps, a line with the daemon's only gets its place on the kernel's clock, if lines before it told the
    /// distance; else it has no time.</summary>
    /// <param name="line">The line; its time may be changed.</param>
    /// <param name="boot">Number of its boot.</param>
    public void Place(ref LogLine line, int boot)
    {
        if (job.Clock == ClockDomain.BootPrintk && line.WallClock == ClockDomain.None && line.Clock is ClockDomain.WallUtc or ClockDomain.WallLocalUnknownZone && line.TimeNs != TraceEvent.NoTime)
        {
            // The source's times are the kernel's clock: a date among them would be taken for seconds since the boot.
            var known = _boots.TryGetValue(boot, out var spans) && spans[^1].Clock == line.Clock ? spans[^1] : null;
            line.TimeNs = known is null ? TraceEvent.NoTime : line.TimeNs - known.Offset;
        }
    }

    /// <summary>Hands over the distances, boot by boot.</summary>
    public void Flush()
    {
        foreach (var (boot, spans) in _boots)
        {
            foreach (var span in spans)
            {
                var isPending = PendingTime.Is(span.WallNs);
                job.Fact(new ClockOffsetFact(
                    ClockDomain.BootPrintk, isPending ? job.Years!.Clock : span.Clock, (isPending ? job.Years!.Settled(span.WallNs) : span.WallNs) - span.TimeNs, span.Source)
                {
                    Boot = boot, Lines = span.Lines, SpreadNs = span.Most - span.Offset, SinceNs = ReferenceEquals(span, spans[0]) ? TraceEvent.NoTime : span.Since,
                });
            }
        }
    }

    private void Both(scoped in LogLine line, int boot, SourceRef source)
    {
        var seen = new Span(line, source);
        if (!_boots.TryGetValue(boot, out var spans))
        {
            _boots[boot] = [seen];
            (_other, _otherBoot) = (null, boot);
            return;
        }

        // What the kernel said before the daemon ran is written in one moment: the distance falls with every line.
        var current = spans[^1];
        var isBurst = spans.Count == 1 && line.WallNs - current.FirstWallNs < SecondNs;
        if (isBurst || Math.Abs(seen.Offset - current.Offset) <= SameNs || spans.Count >= MostSpans)
        {
            current.Take(seen, replaces: isBurst);
            _other = null;
            return;
        }

        if (_other is null || _otherBoot != boot || Math.Abs(seen.Offset - _other.Offset) > SameNs)
        {
            // Nothing agrees with the first distance, which was that of late lines: the daemon has caught up.
            (_other, _otherBoot) = (seen, boot);
            return;
        }

        _other.Take(seen, replaces: false);
        if (_other.Lines >= LeastLines && line.TimeNs - _other.Since >= LeastNs)
        {
            spans.Add(_other);
            _other = null;
        }
    }

    /// <summary>Lines that agree on a distance.</summary>
    private sealed class Span
    {
        public Span(scoped in LogLine line, SourceRef source)
        {
            (Clock, WallNs, TimeNs, FirstWallNs, Since, Source, Lines) = (line.WallClock, line.WallNs, line.TimeNs, line.WallNs, line.TimeNs, source, 1);
            Most = Offset;
        }

        public ClockDomain Clock { get; }

        public long WallNs { get; private set; }

        public long TimeNs { get; private set; }

        public long FirstWallNs { get; }

        public long Since { get; }

        public SourceRef Source { get; private set; }

        public long Lines { get; private set; }

        public long Most { get; private set; }

        public long Offset => WallNs - TimeNs;

        public void Take(Span line, bool replaces)
        {
            Lines++;
            Most = replaces ? line.Offset : Math.Max(Most, line.Offset);
            if (line.Offset < Offset)
            {
                (WallNs, TimeNs, Source) = (line.WallNs, line.TimeNs, line.Source);
            }
        }
    }
}
