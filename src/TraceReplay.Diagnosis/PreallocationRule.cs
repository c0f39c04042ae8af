using TraceReplay.Replay;
using TraceReplay.Replay.Paging;

namespace TraceReplay.Diagnosis;

/// <summary>What one device's LUN paths hold for commands that are not in flight.</summary>
/// <param name="Device">Device in the log's names.</param>
/// <param name="LunPaths">LUN paths that hold maps.</param>
/// <param name="MapsPerPath">Maps that most of them hold each.</param>
/// <param name="BytesPerMap">Bytes of such a map.</param>
/// <param name="Operations">All of the maps, in order.</param>
public sealed record Preallocated(int Device, int LunPaths, int MapsPerPath, long BytesPerMap, int[] Operations);

/// <summary>Finds maps that were made when a LUN was set up and are held whether a command uses them or not: as many of one size for each
/// LUN path, made together, before the path's first command, and never given back. The SCSI mid-layer of 2.4 does that for every command
/// that every path could have (spec demand-side.md 1.1), some drivers of 2.6 for a part of them (1.2). A leak grows while commands
/// run; what is in flight is given back.</summary>
public static class PreallocationRule
{
    /// <summary>Fewer LUN paths than this are no pattern.</summary>
    private const int LeastPaths = 8;

    /// <summary>This part of a device's paths must hold the same number of maps of the same size.</summary>
    private const double Alike = 0.8;

    /// <summary>A path's maps are made within this part of the time in which all are made.</summary>
    private const double Together = 0.1;

    /// <summary>A streaming map is no command's once it is this many times older than maps get that are given back.</summary>
    private const long TimesUsualAge = 20;

    /// <summary>Fewer maps that were given back than this tell no usual age.</summary>
    private const int LeastReturned = 16;

    /// <summary>Finds them.</summary>
    /// <param name="result">The trace as it happened.</param>
    /// <returns>One for each device, largest first.</returns>
    public static IReadOnlyList<Preallocated> Find(PoolReplayResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var usual = UsualAge(result);
        var log = result.Setup.Log;
        var paths = new Dictionary<(int Device, int Consumer), Path>();
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Kind != OperationKind.Map || operation.Pool != result.Setup.Pool || operation.Consumer == 0
                || operation.Result != OperationResult.Mapped)
            {
                continue;
            }

            if (!paths.TryGetValue((operation.Device, operation.Consumer), out var path))
            {
                paths.Add((operation.Device, operation.Consumer), path = new Path());
            }

            path.Note(log, i, IsKept(result, i, usual));
        }

        return [.. paths.Where(p => p.Value.Maps.Count > 0 && ConsumerLoad.IsLun(log.Names.Text(p.Key.Consumer)))
            .GroupBy(p => p.Key.Device, p => p.Value).Select(device => OfDevice(log, device.Key, [.. device]))
            .OfType<Preallocated>().OrderByDescending(found => found.Operations.Length)];
    }

    private static Preallocated? OfDevice(OperationLog log, int device, List<Path> paths)
    {
        if (paths.Count < LeastPaths)
        {
            return null;
        }

        var usual = paths.GroupBy(path => (path.Maps.Count, path.Bytes)).MaxBy(group => group.Count())!;
        var times = paths.Select(path => log[path.Maps[^1]].TimeNs - log[path.Maps[0]].TimeNs).Order().ToArray();
        var all = paths.Max(path => log[path.Maps[^1]].TimeNs) - paths.Min(path => log[path.Maps[0]].TimeNs);
        return usual.Count() < paths.Count * Alike || times[(int)((times.Length - 1) * Alike)] > all * Together ? null
            : new Preallocated(device, paths.Count, usual.Key.Count, usual.Key.Bytes, [.. paths.SelectMany(path => path.Maps).Order()]);
    }

    /// <summary>Whether a map is held for good: memory that is kept, or a mapping far older than those that are given back.</summary>
    private static bool IsKept(PoolReplayResult result, int operation, long? usualAge)
    {
        var map = result.Setup.Log[operation];
        if (result.Mates[operation] is >= 0 and var release)
        {
            return map.Coherent && release > result.MomentOperation;
        }

        var last = result.Setup.Log[result.Setup.Log.Count - 1].TimeNs;
        return map.Coherent || (usualAge is { } usual && last - map.TimeNs > usual * TimesUsualAge);
    }

    private static long? UsualAge(PoolReplayResult result)
    {
        var log = result.Setup.Log;
        var ages = new SortedGroups<int>();
        foreach (var adds in new[] { false, true })
        {
            for (var i = 0; i < log.Count; i++)
            {
                var operation = log[i];
                if (operation.Kind != OperationKind.Map || operation.Pool != result.Setup.Pool || result.Mates[i] < 0)
                {
                    continue;
                }

                if (adds)
                {
                    ages.Add(0, log[result.Mates[i]].TimeNs - operation.TimeNs);
                }
                else
                {
                    ages.Expect(0);
                }
            }
        }

        ages.Sort();
        return ages.Count(0) < LeastReturned ? null : ages.At(0, (int)((ages.Count(0) - 1) * 0.99));
    }

    /// <summary>What one LUN path holds.</summary>
    private sealed class Path
    {
        private bool _hasCommands;

        public List<int> Maps { get; } = [];

        /// <summary>Bytes of its maps, -1 if they are not alike.</summary>
        public long Bytes { get; private set; }

        public void Note(OperationLog log, int operation, bool isKept)
        {
            // What is kept once commands run is not set up in advance.
            _hasCommands |= !isKept;
            if (_hasCommands)
            {
                return;
            }

            Bytes = Maps.Count == 0 || Bytes == log[operation].Bytes ? log[operation].Bytes : -1;
            Maps.Add(operation);
        }
    }
}
