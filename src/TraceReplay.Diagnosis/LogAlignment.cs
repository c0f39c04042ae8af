using TraceReplay.Core;

namespace TraceReplay.Diagnosis;

/// <summary>Finds the lines of one log in another whose clock may be another one.</summary>
internal static class LogAlignment
{
    private const long SecondNs = 1_000_000_000;
    private const long MicrosecondNs = 1000;

    /// <summary>syslog writes whole seconds, and a line may wait for its daemon.</summary>
    private const long ToleranceNs = 2 * SecondNs;

    /// <summary>Where the distance of the clocks is not known, so many different messages must agree on it ...</summary>
    private const int LeastTexts = 3;

    /// <summary>... over at least this time, or else so many: two boots of one machine may say the same few things alike.</summary>
    private const long LeastSpanNs = 5 * SecondNs;
    private const int ManyTexts = 8;

    /// <summary>... and of the time that both logs tell of, hardly any line of the poorer one may be missing in the other, ...</summary>
    private const double LeastShare = 0.8;

    /// <summary>... nor may the poorer one lack more than it can have lost.</summary>
    private const double LeastShareOfFuller = 0.4;

    /// <summary>What the kernel says before the log daemon runs gets the time at which the daemon read it: up to so long after the boot,
    /// a wall clock may be so much late.</summary>
    private const long BootNs = 60 * SecondNs;

    /// <summary>Occurrences of one text that vote for a distance; texts that come more often say little.</summary>
    private const int MostOccurrences = 32;

    /// <summary>Lines that vote: those of a long log's beginning tell its distance as well as all.</summary>
    private const int MostVoters = 20_000;

    /// <summary>Compares.</summary>
    /// <param name="earlier">Lines of the earlier log.</param>
    /// <param name="earlierClock">Its clock.</param>
    /// <param name="later">Lines of the later log.</param>
    /// <param name="laterClock">Its clock.</param>
    /// <returns>The lines of the later log that stand in the earlier one, and the distance of the clocks.</returns>
    public static (IReadOnlySet<long> Lines, long OffsetNs) Find(
        IReadOnlyList<LogMark> earlier, ClockDomain earlierClock, IReadOnlyList<LogMark> later, ClockDomain laterClock)
    {
        if (earlierClock == laterClock)
        {
            return (Same(earlier, later, earlierClock), 0);
        }

        var offset = Vote(earlier, later);
        var lag = IsBoot(earlierClock) ? 1 : IsBoot(laterClock) ? -1 : 0;
        return offset is null ? (new HashSet<long>(), 0) : (Shifted(earlier, later, offset.Value, lag), offset.Value);
    }

    /// <summary>One clock: equal times. Printk's microseconds tell lines apart; a wall clock may have been written as whole seconds.</summary>
    private static HashSet<long> Same(IReadOnlyList<LogMark> earlier, IReadOnlyList<LogMark> later, ClockDomain clock)
    {
        var isWall = clock is ClockDomain.WallUtc or ClockDomain.WallLocalUnknownZone or ClockDomain.WallNoYear;
        var isCoarse = isWall && (earlier.All(m => m.TimeNs % SecondNs == 0) || later.All(m => m.TimeNs % SecondNs == 0));
        var unit = isCoarse ? SecondNs : MicrosecondNs;
        var left = new Dictionary<(long, ulong), int>();
        foreach (var mark in earlier)
        {
            var key = (mark.TimeNs / unit, mark.Text);
            left[key] = left.GetValueOrDefault(key) + 1;
        }

        var lines = new HashSet<long>();
        foreach (var mark in later)
        {
            var key = (mark.TimeNs / unit, mark.Text);
            if (left.GetValueOrDefault(key) > 0)
            {
                left[key]--;
                lines.Add(mark.Line);
            }
        }

        return lines;
    }

    /// <summary>The distance of the clocks on which most pairs of equal messages agree.</summary>
    private static long? Vote(IReadOnlyList<LogMark> earlier, IReadOnlyList<LogMark> later)
    {
        var times = Times(earlier);
        var votes = new Dictionary<long, (int Count, long Least)>();
        var seen = new Dictionary<ulong, int>();
        foreach (var mark in later.Take(MostVoters))
        {
            var count = seen[mark.Text] = seen.GetValueOrDefault(mark.Text) + 1;
            if (count > MostOccurrences || !times.TryGetValue(mark.Text, out var others))
            {
                continue;
            }

            foreach (var other in others.Take(MostOccurrences))
            {
                var distance = mark.TimeNs - other;
                var bin = Math.DivRem(distance, SecondNs).Quotient;
                var before = votes.GetValueOrDefault(bin, (0, long.MaxValue));
                votes[bin] = (before.Item1 + 1, Math.Min(before.Item2, distance));
            }
        }

        long? best = null;
        var most = LeastTexts - 1;
        foreach (var (bin, (count, least)) in votes.OrderBy(v => v.Key))
        {
            // Whole seconds against parts of them: the distances lie in two neighbouring bins.
            var sum = count + votes.GetValueOrDefault(bin + 1).Count;
            if (sum > most)
            {
                (most, best) = (sum, least);
            }
        }

        return best;
    }

    private static Dictionary<ulong, List<long>> Times(IReadOnlyList<LogMark> marks)
    {
        var times = new Dictionary<ulong, List<long>>();
        foreach (var mark in marks)
        {
            if (!times.TryGetValue(mark.Text, out var list))
            {
                times.Add(mark.Text, list = []);
            }

            list.Add(mark.TimeNs);
        }

        return times;
    }

    /// <summary>The lines that agree with a distance, if they are proof enough that it is one boot.</summary>
    /// <param name="earlier">Lines of the earlier log.</param>
    /// <param name="later">Lines of the later log.</param>
    /// <param name="offset">Clock of the later log minus that of the earlier one.</param>
    /// <param name="lag">1 if the earlier log has the kernel's own clock, -1 if the later one has.</param>
    private static HashSet<long> Shifted(IReadOnlyList<LogMark> earlier, IReadOnlyList<LogMark> later, long offset, int lag)
    {
        var times = Times(earlier);
        var next = new Dictionary<ulong, int>();
        var lines = new HashSet<long>();
        var exact = new List<(long TimeNs, ulong Text)>();
        foreach (var mark in later)
        {
            if (!times.TryGetValue(mark.Text, out var others))
            {
                continue;
            }

            var at = next.GetValueOrDefault(mark.Text);
            while (at < others.Count && mark.TimeNs - others[at] - offset > ToleranceNs + (lag > 0 && others[at] < BootNs ? BootNs : 0))
            {
                at++;
            }

            var early = lag < 0 && mark.TimeNs < BootNs ? BootNs : 0;
            if (at < others.Count && others[at] + offset - mark.TimeNs <= ToleranceNs + early)
            {
                lines.Add(mark.Line);
                if (Math.Abs(mark.TimeNs - others[at] - offset) <= ToleranceNs)
                {
                    exact.Add((others[at], mark.Text));
                }

                at++;
            }

            next[mark.Text] = at;
        }

        return IsProof(earlier, later, lines.Count, exact, offset) ? lines : [];
    }

    private static bool IsBoot(ClockDomain clock) => clock is ClockDomain.BootPrintk or ClockDomain.Mono or ClockDomain.Boot;

    private static bool IsProof(
        IReadOnlyList<LogMark> earlier, IReadOnlyList<LogMark> later, int lines, List<(long TimeNs, ulong Text)> exact, long offset)
    {
        var texts = exact.Select(m => m.Text).Distinct().Count();
        if (texts < LeastTexts || (texts < ManyTexts && exact.Max(m => m.TimeNs) - exact.Min(m => m.TimeNs) < LeastSpanNs))
        {
            return false;
        }

        var from = Math.Max(earlier.Min(m => m.TimeNs), later.Min(m => m.TimeNs) - offset) - ToleranceNs;
        var to = Math.Min(earlier.Max(m => m.TimeNs), later.Max(m => m.TimeNs) - offset) + ToleranceNs;
        var ofEarlier = earlier.Count(m => m.TimeNs >= from && m.TimeNs <= to);
        var ofLater = later.Count(m => m.TimeNs - offset >= from && m.TimeNs - offset <= to);
        return lines >= LeastShare * Math.Min(ofEarlier, ofLater) && lines >= LeastShareOfFuller * Math.Max(ofEarlier, ofLater);
    }
}
