using TraceReplay.Core;

namespace TraceReplay.Diagnosis;

/// <summary>The clocks of a case's logs, brought together: the kernel's clock of a boot and the wall's, by lines that carry both, by the line with which the
/// kernel set its clock, or by two logs of one boot that hold the same messages. Nothing is assumed: what no line tells stays apart.</summary>
public sealed class Timeline
{
    private const long SameNs = 2_000_000_000;

    private readonly IReadOnlyDictionary<string, ClockDomain> _clocks;
    private readonly ILookup<string, ClockOffsetFact> _own;
    private readonly IReadOnlyList<ClockOffsetFact> _shared;

    /// <summary>Prepares for a case.</summary>
    /// <param name="clocks">Clock of each source, by path.</param>
    /// <param name="offsets">The offsets known.</param>
    /// <param name="hasOneBoot">All logs with the kernel's clock tell of one boot each.</param>
    public Timeline(IReadOnlyDictionary<string, ClockDomain> clocks, IEnumerable<ClockOffsetFact> offsets, bool hasOneBoot)
    {
        _clocks = clocks;
        var wall = offsets.Where(o => o.From == ClockDomain.BootPrintk && IsWall(o.To)).ToList();
        _own = wall.ToLookup(o => o.Source.Path, StringComparer.Ordinal);

        // One machine was booted once: where all offsets agree, they hold for every log of the case.
        var agree = wall.GroupBy(o => o.To).All(g => g.Max(o => o.OffsetNs) - g.Min(o => o.OffsetNs) <= SameNs + g.Max(o => o.SpreadNs));
        _shared = hasOneBoot && agree ? wall : [];
    }

    /// <summary>Whether a clock counts from 1970, or from the beginning of a year.</summary>
    /// <param name="clock">The clock.</param>
    /// <returns>True for the wall's clocks.</returns>
    public static bool IsWall(ClockDomain clock) => clock is ClockDomain.WallUtc or ClockDomain.WallLocalUnknownZone or ClockDomain.WallNoYear;

    /// <summary>The offset that brings a time of the kernel's clock to the wall's.</summary>
    /// <param name="path">Source of the time.</param>
    /// <param name="boot">Its boot, 0 = not told apart.</param>
    /// <param name="timeNs">The time.</param>
    /// <param name="to">Which of the wall's clocks; None = the surest known.</param>
    /// <returns>The offset, null if none is known.</returns>
    public ClockOffsetFact? Offset(string path, int boot, long timeNs, ClockDomain to = ClockDomain.None)
    {
        var fits = _own[path].Where(o => o.Boot == 0 || boot == 0 || o.Boot == boot).ToList();
        return (fits.Count > 0 ? fits : _shared)
            .Where(o => (to == ClockDomain.None || o.To == to) && (o.SinceNs == TraceEvent.NoTime || o.SinceNs <= timeNs))
            .OrderByDescending(o => o.To == ClockDomain.WallUtc).ThenByDescending(o => o.SinceNs).ThenByDescending(o => o.Lines).FirstOrDefault();
    }

    /// <summary>Brings messages into order of time, where one clock is known for all of them. Those of one source keep their order.</summary>
    /// <typeparam name="T">What is ordered.</typeparam>
    /// <param name="items">In the order in which they were read.</param>
    /// <param name="message">The message of each.</param>
    /// <returns>The same in order of time; as they were where no clock is common to all.</returns>
    public IReadOnlyList<T> Order<T>(IReadOnlyList<T> items, Func<T, LogMessageFact> message)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(message);
        var paths = items.Select(i => message(i).Source.Path).Distinct(StringComparer.Ordinal).ToList();
        if (paths.Count < 2)
        {
            return items;
        }

        foreach (var clock in new[] { ClockDomain.WallUtc, ClockDomain.WallLocalUnknownZone, ClockDomain.WallNoYear })
        {
            if (Times(items, message, clock) is { } times)
            {
                return [.. items.Zip(times).OrderBy(pair => pair.Second).Select(pair => pair.First)];
            }
        }

        return items;
    }

    /// <summary>Times on one clock, rising within each source; null if a message cannot be placed on it.</summary>
    private List<long>? Times<T>(IReadOnlyList<T> items, Func<T, LogMessageFact> message, ClockDomain to)
    {
        var latest = new Dictionary<string, long>(StringComparer.Ordinal);
        var times = new List<long>(items.Count);
        foreach (var item in items)
        {
            var fact = message(item);
            var path = fact.Source.Path;
            var clock = _clocks.GetValueOrDefault(path);
            long? time = fact.TimeNs == TraceEvent.NoTime ? latest.TryGetValue(path, out var before) ? before : null
                : clock == to ? fact.TimeNs
                : clock == ClockDomain.BootPrintk && Offset(path, fact.Boot, fact.TimeNs, to) is { } offset ? fact.TimeNs + offset.OffsetNs : null;
            if (time is not { } known)
            {
                return null;
            }

            // Another boot, or a clock that was set back: the order in which the source has them stands.
            known = latest.TryGetValue(path, out var last) ? Math.Max(last, known) : known;
            latest[path] = known;
            times.Add(known);
        }

        return times;
    }
}
