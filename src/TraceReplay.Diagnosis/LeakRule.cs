using TraceReplay.Replay;
using TraceReplay.Replay.Paging;

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

/// <summary>Tells a leak from a long hold: a leak takes mapping after mapping that outlive all others of its device by far,
/// and goes on while mappings fail; a ring or a greedy burst stops growing, or comes back down.</summary>
public static class LeakRule
{
    /// <summary>Fewer mappings than this are no pattern.</summary>
    private const int MinMappings = 16;

    /// <summary>A mapping is suspect once it is this many times older than its device's mappings usually get.</summary>
    private const long TimesUsualAge = 20;

    /// <summary>A leak still asks for more in the last part of the time watched.</summary>
    private const double StillGrowing = 0.3;

    /// <summary>No quarter of the time may hold more than this part of the leak: a burst is not a leak.</summary>
    private const double MaxInOneQuarter = 0.8;

    /// <summary>Finds leaks.</summary>
    /// <param name="result">The trace as it happened.</param>
    /// <param name="preallocated">What is held on purpose for commands to come: no leak.</param>
    /// <returns>Leaks, largest first.</returns>
    public static IReadOnlyList<LeakFinding> Find(PoolReplayResult result, IReadOnlyList<Preallocated>? preallocated = null)
    {
        var meant = (preallocated ?? []).SelectMany(p => p.Operations).ToHashSet();
        var log = result.Setup.Log;
        var devices = new Dictionary<int, DeviceHistory>();

        // A release may be among lost events: nothing older than the last loss proves a leak.
        var lastLoss = log.Losses.Select(l => l.Operation).DefaultIfEmpty(0).Max();
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Kind != OperationKind.Map || operation.Pool != result.Setup.Pool || meant.Contains(i))
            {
                continue;
            }

            if (!devices.TryGetValue(operation.Device, out var history))
            {
                devices.Add(operation.Device, history = new DeviceHistory());
            }

            history.Note(i, in operation, result.Mates[i]);
            if (i < lastLoss)
            {
                history.ForgetKept();
            }
        }

        var ages = Ages(result, meant);
        var (end, typicalFailure) = Ends(result);
        return [.. devices.Select(d => (d.Key, Suspects: d.Value.Suspects(log, end, Usual(ages, d.Key)), d.Value.LastTryNs))
            .Where(d => IsLeak(log, d.Suspects, d.LastTryNs, typicalFailure))
            .Select(d => Finding(result, d.Key, d.Suspects))
            .OrderByDescending(l => l.Mappings)];
    }

    /// <summary>How old the mappings of each device got that were given back.</summary>
    private static SortedGroups<int> Ages(PoolReplayResult result, HashSet<int> meant)
    {
        var log = result.Setup.Log;
        var ages = new SortedGroups<int>();
        foreach (var adds in new[] { false, true })
        {
            for (var i = 0; i < log.Count; i++)
            {
                var operation = log[i];
                if (operation is not { Kind: OperationKind.Map, Result: OperationResult.Mapped } || operation.Pool != result.Setup.Pool
                    || result.Mates[i] is < 0 || meant.Contains(i))
                {
                    continue;
                }

                if (adds)
                {
                    ages.Add(operation.Device, log[result.Mates[i]].TimeNs - operation.TimeNs);
                }
                else
                {
                    ages.Expect(operation.Device);
                }
            }
        }

        ages.Sort();
        return ages;
    }

    /// <summary>The age that 99 of 100 mappings of a device do not reach, null if none was given back.</summary>
    private static long? Usual(SortedGroups<int> ages, int device) => ages.Count(device) is > 0 and var count
        ? ages.At(device, (int)((count - 1) * 0.99)) : null;

    private static (long End, long TypicalFailure) Ends(PoolReplayResult result)
    {
        var log = result.Setup.Log;
        var end = log.Count == 0 ? 0 : log[log.Count - 1].TimeNs;
        return (end, result.Failures.Count == 0
            ? end
            : log[result.Failures[result.Failures.Count / 2].Operation].TimeNs);
    }

    private static bool IsLeak(OperationLog log, int[] suspects, long lastTry, long failure)
    {
        if (suspects.Length < MinMappings)
        {
            return false;
        }

        var first = log[suspects[0]].TimeNs;
        var watched = failure - first;
        if (watched <= 0 || failure - lastTry > watched * StillGrowing)
        {
            return false;
        }

        var span = Math.Max(1, log[suspects[^1]].TimeNs - first);
        var quarters = new int[4];
        foreach (var operation in suspects)
        {
            quarters[Math.Min(3, (log[operation].TimeNs - first) * 4 / span)]++;
        }

        return quarters.Max() <= suspects.Length * MaxInOneQuarter;
    }

    private static LeakFinding Finding(PoolReplayResult result, int device, int[] operations)
    {
        var log = result.Setup.Log;
        var units = operations.Sum(result.UnitsOf);
        var seconds = (log[operations[^1]].TimeNs - log[operations[0]].TimeNs) / 1e9;
        return new LeakFinding(
            device, operations.Length, seconds > 0 ? units / seconds : 0, operations[0], operations[^1], operations);
    }

    /// <summary>What one device mapped, gave back and kept.</summary>
    private sealed class DeviceHistory
    {
        private readonly List<int> _kept = [];

        public long LastTryNs { get; private set; }

        public void Note(int index, in DmaOperation operation, int mate)
        {
            LastTryNs = operation.TimeNs;
            if (operation.Result == OperationResult.Mapped && mate < 0)
            {
                _kept.Add(index);
            }
        }

        public void ForgetKept() => _kept.Clear();

        /// <summary>Mappings kept to the end that are far older than this device's usually get.</summary>
        public int[] Suspects(OperationLog log, long end, long? usual) =>
            [.. _kept.Where(o => usual is not { } age || end - log[o].TimeNs > age * TimesUsualAge)];
    }
}
