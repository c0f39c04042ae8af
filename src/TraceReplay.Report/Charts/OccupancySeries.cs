using TraceReplay.Core;
using TraceReplay.Diagnosis;

namespace TraceReplay.Report.Charts;

/// <summary>A pool's use over time, laid into a fixed number of equal columns for drawing. Peaks are never lost: a column
/// shows the highest use that fell into it.</summary>
public sealed class OccupancySeries
{
    private OccupancySeries(long startNs, long endNs, long[] used, int[] failures)
    {
        StartNs = startNs;
        EndNs = endNs;
        Used = used;
        Failures = failures;
    }

    /// <summary>Time of the left edge.</summary>
    public long StartNs { get; }

    /// <summary>Time of the right edge.</summary>
    public long EndNs { get; }

    /// <summary>Highest use per column, -1 before the first reading.</summary>
    public IReadOnlyList<long> Used { get; }

    /// <summary>Failing mappings per column.</summary>
    public IReadOnlyList<int> Failures { get; }

    /// <summary>Highest use of all columns.</summary>
    public long Peak => Used.Max();

    /// <summary>Lays a pool's readings into columns.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="columns">How many columns.</param>
    /// <returns>The series, null if there is nothing to draw.</returns>
    public static OccupancySeries? Of(PoolReport pool, int columns)
    {
        var points = pool.Occupancy.Where(point => point.TimeNs != TraceEvent.NoTime).ToArray();
        if (points.Length < 2 || columns < 2)
        {
            return null;
        }

        var start = points.Min(point => point.TimeNs);
        var end = points.Max(point => point.TimeNs);
        foreach (var time in pool.FailureTimesNs)
        {
            end = Math.Max(end, time);
        }

        if (end <= start)
        {
            return null;
        }

        var used = new long[columns];
        Array.Fill(used, -1);
        var failures = new int[columns];
        foreach (var point in points)
        {
            var column = Column(point.TimeNs, start, end, columns);
            used[column] = Math.Max(used[column], point.UsedUnits);
            failures[column] += point.Failures;
        }

        MarkListedFailures(pool, failures, start, end);
        CarryForward(used);
        return new OccupancySeries(start, end, used, failures);
    }

    private static int Column(long time, long start, long end, int columns) =>
        (int)Int128.Min(columns - 1, (Int128)(time - start) * columns / (end - start));

    // Slices may carry the counts, or the pool may list the times; where both do, the counts win.
    private static void MarkListedFailures(PoolReport pool, int[] failures, long start, long end)
    {
        if (failures.Any(count => count > 0))
        {
            return;
        }

        foreach (var time in pool.FailureTimesNs.Where(time => time >= start && time <= end))
        {
            failures[Column(time, start, end, failures.Length)]++;
        }
    }

    // Nothing happened in a column without a reading: use stayed what it was.
    private static void CarryForward(long[] used)
    {
        for (var i = 1; i < used.Length; i++)
        {
            if (used[i] < 0)
            {
                used[i] = used[i - 1];
            }
        }
    }
}
