using TraceReplay.Diagnosis;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report.Charts;

/// <summary>The vertical scale of a use chart: the pool's size, unless use was so low that nothing could be seen, or went above it (a pool that grows).</summary>
/// <param name="Top">Units at the top edge.</param>
/// <param name="IsPoolSize">Whether the top edge is the pool's size.</param>
public readonly record struct OccupancyScale(long Top, bool IsPoolSize)
{
    /// <summary>Chooses the scale.</summary>
    /// <param name="pool">The pool.</param>
    /// <param name="peak">Highest use drawn.</param>
    /// <returns>The scale.</returns>
    public static OccupancyScale For(PoolReport pool, long peak)
    {
        var worthShowing = Math.Max(peak, 1);
        return pool.Units >= worthShowing && worthShowing * 5 >= pool.Units
            ? new OccupancyScale(pool.Units, true)
            : new OccupancyScale(worthShowing, false);
    }

    /// <summary>What the reader must know about the scale.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>A phrase, empty if the scale is the pool's size.</returns>
    public string Note(PoolReport pool) => IsPoolSize
        ? string.Empty
        : pool.Units > 0
            ? $"scale ends at the peak; the pool has {Words.Units(pool.Kind, pool.Units)}"
            : "scale ends at the peak; the pool's size is not known";
}
