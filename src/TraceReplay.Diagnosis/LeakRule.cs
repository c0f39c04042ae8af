using TraceReplay.Core;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>A kind of mapping that one device takes and never gives back.</summary>
/// <param name="Device">Device in the log's names.</param>
/// <param name="Mappings">Mappings never given back.</param>
/// <param name="UnitsPerSecond">Growth while it leaked.</param>
/// <param name="FirstOperation">The first of them.</param>
/// <param name="LastOperation">The last of them.</param>
/// <param name="Operations">All of them, in order.</param>
public sealed record LeakFinding(
    int Device, long Mappings, double UnitsPerSecond, int FirstOperation, int LastOperation, int[] Operations);

/// <summary>Tells a leak from a long hold: a leak takes mapping after mapping of one size, gives (almost) none back, and
/// goes on to the end of the trace; a ring or a greedy burst stops growing, or comes back down.</summary>
public static class LeakRule
{
    /// <summary>Fewer mappings than this are no pattern.</summary>
    private const int MinMappings = 16;

    /// <summary>At most this part of a leaking kind may be given back.</summary>
    private const double MaxReturned = 0.1;

    /// <summary>A leak still grows in the last part of the time watched.</summary>
    private const double StillGrowing = 0.3;

    /// <summary>No single instant may hold more than this part of the leak: a burst is not a leak.</summary>
    private const double MaxInOneSlice = 0.6;

    /// <summary>Finds leaks.</summary>
    /// <param name="result">The trace as it happened.</param>
    /// <returns>Leaks, largest first.</returns>
    public static IReadOnlyList<LeakFinding> Find(PoolReplayResult result)
    {
        var log = result.Setup.Log;
        var kinds = new Dictionary<(int Device, long Bytes), (int Mapped, List<int> Kept, long LastTry)>();
        for (var i = 0; i < log.Count; i++)
        {
            ref var operation = ref log[i];
            if (operation.Kind != OperationKind.Map || operation.Pool != result.Setup.Pool)
            {
                continue;
            }

            var key = (operation.Device, operation.Bytes);
            var kind = kinds.TryGetValue(key, out var known) ? known : (0, [], 0);
            kind.LastTry = operation.TimeNs;
            if (operation.Result == OperationResult.Mapped)
            {
                kind.Mapped++;
                if (result.Mates[i] == -1)
                {
                    kind.Kept.Add(i);
                }
            }

            kinds[key] = kind;
        }

        var end = EndOf(result);
        var leaks = kinds.Where(k => IsLeak(log, k.Value.Mapped, k.Value.Kept, k.Value.LastTry, end))
            .Select(k => (k.Key.Device, k.Value.Kept)).ToList();
        return [.. leaks.GroupBy(l => l.Device).Select(g => Finding(result, g.Key, [.. g.SelectMany(l => l.Kept).Order()]))
            .OrderByDescending(l => l.Mappings)];
    }

    private static long EndOf(PoolReplayResult result)
    {
        var log = result.Setup.Log;
        for (var i = log.Count - 1; i >= 0; i--)
        {
            if (log[i].TimeNs != TraceEvent.NoTime)
            {
                return log[i].TimeNs;
            }
        }

        return 0;
    }

    private static bool IsLeak(OperationLog log, int mapped, List<int> kept, long lastTry, long end)
    {
        if (kept.Count < MinMappings || kept.Count < mapped * (1 - MaxReturned))
        {
            return false;
        }

        var first = log[kept[0]].TimeNs;
        var watched = end - first;
        if (watched <= 0 || end - lastTry > watched * StillGrowing)
        {
            return false;
        }

        var span = Math.Max(1, log[kept[^1]].TimeNs - first);
        var slices = new int[4];
        foreach (var operation in kept)
        {
            slices[Math.Min(3, (log[operation].TimeNs - first) * 4 / span)]++;
        }

        return slices.Max() <= kept.Count * MaxInOneSlice;
    }

    private static LeakFinding Finding(PoolReplayResult result, int device, int[] operations)
    {
        var log = result.Setup.Log;
        var units = operations.Sum(result.UnitsOf);
        var seconds = (log[operations[^1]].TimeNs - log[operations[0]].TimeNs) / 1e9;
        return new LeakFinding(
            device, operations.Length, seconds > 0 ? units / seconds : 0, operations[0], operations[^1], operations);
    }
}
