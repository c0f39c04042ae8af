using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>The use of a pool as the numbered failing lines of one boot state it, in order.</summary>
/// <param name="lines">At least one line, all numbered.</param>
public sealed class UseSeries(IReadOnlyList<FailureLine> lines)
{
    /// <summary>The lines.</summary>
    public IReadOnlyList<FailureLine> Lines { get; } = lines;

    /// <summary>Units of the pool, the most that a line states.</summary>
    public long Total { get; } = lines.Max(l => l.Total ?? 0);

    /// <summary>Least and most use.</summary>
    public (long Least, long Most) Range { get; } = (lines.Min(l => l.Used ?? 0), lines.Max(l => l.Used ?? 0));

    /// <summary>Largest fall from one line to any later one, units.</summary>
    public long LargestFall { get; } = Fall(lines);

    /// <summary>Least use in the second half minus least use in the first; positive = the floor rises.</summary>
    public long FloorRise { get; } = Rise(lines);

    /// <summary>Units of the largest request.</summary>
    public long LargestRequest { get; } = lines.Max(l => l.Units ?? 0);

    /// <summary>Seconds at the end during which the use never falls by even one request; 0 where times are not told.</summary>
    public double SecondsAtTop
    {
        get
        {
            var from = Lines.Count - 1;
            while (from > 0 && Lines[from - 1].Used >= Range.Most - LargestRequest + 1)
            {
                from--;
            }

            var (start, end) = (Lines[from].Fact.TimeNs, Lines[^1].Fact.TimeNs);
            return start == TraceEvent.NoTime || end == TraceEvent.NoTime ? 0 : (end - start) / 1e9;
        }
    }

    private static long Rise(IReadOnlyList<FailureLine> lines)
    {
        if (lines.Count < 2)
        {
            return 0;
        }

        var (half, before) = (FailureLine.Count(lines) / 2, 0L);
        var (first, second) = (lines[0].Used ?? 0, lines[^1].Used ?? 0);
        foreach (var line in lines)
        {
            (first, second) = before < half ? (Math.Min(first, line.Used ?? 0), second) : (first, Math.Min(second, line.Used ?? 0));
            before += line.Occurrences;
        }

        return second - first;
    }

    private static long Fall(IReadOnlyList<FailureLine> lines)
    {
        var (peak, fall) = (0L, 0L);
        foreach (var line in lines)
        {
            peak = Math.Max(peak, line.Used ?? 0);
            fall = Math.Max(fall, peak - (line.Used ?? 0));
        }

        return fall;
    }
}
