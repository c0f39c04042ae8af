using System.Numerics;
using TraceReplay.Core;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Works the geometry of a software IO TLB out of the allocator probes' own arguments, where nothing else tells it:
/// each entry shows use and next index of every area, and the next entry shows where the index went.</summary>
public static class GeometryFromState
{
    /// <summary>Requests looked at for the base; a handful agree, the rest confirms.</summary>
    private const int Samples = 2000;

    /// <summary>Finds size, areas and, if the answers are traced, base.</summary>
    /// <param name="log">The operations.</param>
    /// <param name="pool">Index of the pool.</param>
    /// <param name="units">Size, if it is known otherwise.</param>
    /// <returns>The geometry; null if the trace has no area state.</returns>
    public static PoolGeometryFact? Find(OperationLog log, int pool, long? units)
    {
        ArgumentNullException.ThrowIfNull(log);
        var areas = 0;
        long mostUsed = 0;
        for (var i = 0; i < log.Count; i++)
        {
            var state = log.StateOf(log[i]);
            if (log[i].Pool != pool || state.IsEmpty)
            {
                continue;
            }

            areas = Math.Max(areas, state.Length / 2);
            for (var area = 0; area * 2 < state.Length; area++)
            {
                // The index is below the area's size, the use at most the size.
                mostUsed = Math.Max(mostUsed, Math.Max(state[area * 2], state[(area * 2) + 1] + 1));
            }
        }

        if (areas == 0)
        {
            return null;
        }

        // Areas are powers of two from 6.0 on, and a full one shows its size.
        var size = units ?? areas * (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(mostUsed, 128));
        return new PoolGeometryFact(PoolKind.Swiotlb, log.Count > 0 ? log.PlaceOf(0) : default, GeometryOrigin.Trace)
        {
            Units = size, Areas = areas, Base = Base(log, pool, size / areas),
        };
    }

    /// <summary>An area whose index moved between two entries served the first of them: its last slot ends where the index
    /// went.</summary>
    private static ulong? Base(OperationLog log, int pool, long areaUnits)
    {
        var votes = new Dictionary<ulong, int>();
        var last = -1;
        var samples = 0;
        for (var i = 0; i < log.Count && samples < Samples; i++)
        {
            if (log[i].Pool != pool || log[i].Kind != OperationKind.Map || log.StateOf(log[i]).IsEmpty)
            {
                continue;
            }

            if (last >= 0 && Vote(log, last, i, areaUnits) is { } candidate)
            {
                votes[candidate] = votes.GetValueOrDefault(candidate) + 1;
                samples++;
            }

            last = i;
        }

        var best = votes.OrderByDescending(v => v.Value).FirstOrDefault();
        return best.Value * 2 > samples && samples > 0 ? best.Key : null;
    }

    private static ulong? Vote(OperationLog log, int first, int next, long areaUnits)
    {
        var before = log.StateOf(log[first]);
        var after = log.StateOf(log[next]);
        if (log[first].Result != OperationResult.Mapped || before.Length != after.Length)
        {
            return null;
        }

        var moved = -1;
        for (var area = 0; area * 2 < before.Length; area++)
        {
            if (before[(area * 2) + 1] != after[(area * 2) + 1])
            {
                moved = moved < 0 ? area : int.MaxValue;
            }
        }

        if (moved is < 0 or int.MaxValue || after[(moved * 2) + 1] == 0)
        {
            return null;
        }

        var units = (log[first].Bytes + GeometryChoice.SlotBytes - 1) / GeometryChoice.SlotBytes;
        var slot = (moved * areaUnits) + after[(moved * 2) + 1] - units;
        var address = log[first].BusAddr & ~(ulong)(GeometryChoice.SlotBytes - 1);
        var offset = (ulong)slot * (ulong)GeometryChoice.SlotBytes;
        return slot < 0 || offset > address ? null : address - offset;
    }
}
