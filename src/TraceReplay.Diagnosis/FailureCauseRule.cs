using TraceReplay.Pools;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>The cause of one failing request, by the contract's definitions.</summary>
public static class FailureCauseRule
{
    /// <summary>From this fill on the free rest is the layout loss that every next-fit pool has under load, so a request
    /// that finds no run is refused for want of capacity. Measured on 6.1: a demand of 2914 slots fails in 3072 (95 %) and
    /// fits in 3328 (88 %); with runs of half a segment the same pool already fails at 83 %.</summary>
    private const double NearlyFull = 0.8;

    /// <summary>Decides one failure.</summary>
    /// <param name="failure">The failure with the state of the pool.</param>
    /// <param name="geometry">The pool.</param>
    /// <param name="maxRequestUnits">Most units one request can ever get.</param>
    /// <param name="leakedUnits">Units that leaks held at that moment.</param>
    /// <param name="preallocatedUnits">Units held then for commands that are not in flight.</param>
    /// <param name="failsWithoutLayout">Whether it fails even in a pool without layout (pure counting).</param>
    /// <returns>The cause.</returns>
    public static Cause Decide(
        PoolFailure failure, PoolGeometry geometry, long maxRequestUnits, long leakedUnits, long preallocatedUnits, bool failsWithoutLayout)
    {
        if (failure.Livelock)
        {
            return Cause.Livelock;
        }

        if (failure.Units > maxRequestUnits)
        {
            return Cause.SegmentLimit;
        }

        // A leak is to blame where the pool is short of room and giving back what leaked would have left some.
        var isShort = failure.FreeUnits < failure.Units || failure.UsedUnits >= geometry.Units * NearlyFull;
        if (isShort && leakedUnits > 0 && leakedUnits >= failure.UsedUnits / 4 && failure.FreeUnits + leakedUnits >= failure.Units)
        {
            return Cause.Leak;
        }

        // What is set aside in advance is to blame where it has the bulk of a pool that is short of room.
        if (isShort && preallocatedUnits > failure.UsedUnits / 2 && failure.FreeUnits + preallocatedUnits >= failure.Units)
        {
            return Cause.Preallocation;
        }

        if (failure.FreeUnits < failure.Units)
        {
            return Cause.Capacity;
        }

        if (failure.UsedUnits >= geometry.Units * NearlyFull || failsWithoutLayout)
        {
            return Cause.Capacity;
        }

        if (failure.LargestAreaFree < failure.Units)
        {
            return Cause.AreaExhaustion;
        }

        if (failure.LargestFreeRun < failure.Units)
        {
            return Cause.Fragmentation;
        }

        // A long enough run is free. If the model refuses the request too, it lies where this request cannot go; if the
        // model would serve it, the geometry or the state is not what was assumed, and nothing is proven.
        return failure.ModelAgrees ? Cause.AreaExhaustion : Cause.Unknown;
    }
}
