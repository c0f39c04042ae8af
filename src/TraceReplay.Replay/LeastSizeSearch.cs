using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Replay;

/// <summary>Finds the smallest pool at which a replay of the trace's demand has no failure.</summary>
public static class LeastSizeSearch
{
    /// <summary>Sizes above this multiple of the present one are not tried.</summary>
    private const int MaxFactor = 64;

    /// <summary>More units no model of a pool with a bitmap takes.</summary>
    private const long MostUnits = 1L << 30;

    /// <summary>Searches sizes upwards from the present one if something failed, else downwards: first by growing steps, then by halving between the last failing and the first
    /// clean size. Each size is one replay; candidates of a round run side by side.</summary>
    /// <param name="actual">The trace as it happened.</param>
    /// <param name="lifetimes">Its lifetimes.</param>
    /// <param name="step">Sizes are multiples of this many units (swiotlb: 128 per area).</param>
    /// <param name="also">What else is changed, null = nothing.</param>
    /// <returns>Units, or null if no size up to 64 times the present one is clean.</returns>
    public static long? Find(PoolReplayResult actual, Lifetimes lifetimes, long step, Change? also = null)
    {
        var present = actual.Setup.Geometry.Units;
        var most = present > long.MaxValue / MaxFactor ? long.MaxValue : present * MaxFactor;
        most = actual.Setup.Geometry.Kind == PoolKind.Iova ? most : Math.Min(most, Math.Max(present, MostUnits));
        bool Clean(long units) =>
            Counterfactual.Run(actual, lifetimes, (also ?? new Change()) with { Geometry = Resized(also?.Geometry ?? actual.Setup.Geometry, units) })
                .Failures == 0;

        var failing = present;
        long? clean = null;
        if (actual.Failures.Count == 0 || (also is not null && Clean(present)))
        {
            // Nothing failed: the question is how much smaller the pool could be.
            (failing, clean) = (0, present);
        }

        for (var add = step; failing + add <= most && present + add <= most && clean is null; add *= 2)
        {
            var size = present + add;
            if (Clean(size))
            {
                clean = size;
            }
            else
            {
                failing = size;
            }
        }

        while (clean is { } top && top - failing > step)
        {
            var middle = failing + ((top - failing) / 2 / step * step);
            if (Clean(middle))
            {
                clean = middle;
            }
            else
            {
                failing = middle;
            }
        }

        return clean;
    }

    /// <summary>The same pool with another number of units.</summary>
    /// <param name="geometry">The pool.</param>
    /// <param name="units">Units.</param>
    /// <returns>The resized geometry.</returns>
    public static PoolGeometry Resized(PoolGeometry geometry, long units) => geometry with { Units = units };
}
