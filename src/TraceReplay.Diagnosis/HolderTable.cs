using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Who held the pool at the moment of interest.</summary>
public static class HolderTable
{
    /// <summary>Growth is measured over at most this time before the moment.</summary>
    private const long GrowthWindowNs = 10_000_000_000;

    private const int MaxConsumers = 8;

    /// <summary>Builds the table.</summary>
    /// <param name="result">The trace as it happened.</param>
    /// <param name="facts">The case, for drivers and aliases.</param>
    /// <returns>Holders, largest first.</returns>
    public static IReadOnlyList<Holder> Build(PoolReplayResult result, CaseFacts facts)
    {
        if (result.MomentOperation < 0)
        {
            return [];
        }

        var log = result.Setup.Log;
        var moment = log[result.MomentOperation].TimeNs;
        var units = result.Failures.Count > 0 ? (double)result.Failures[0].TotalUnits : result.Setup.Geometry.Units;
        var before = HeldAt(result, Math.Max(FirstTime(log), moment - GrowthWindowNs), out var since);
        var holders = new List<Holder>();
        var prior = result.PriorAtMoment.GroupBy(p => p.Device).ToDictionary(g => g.Key, g => g.ToList());
        var live = result.LiveAtMoment.GroupBy(i => log[i].Device).ToDictionary(g => g.Key, g => g.ToList());
        foreach (var device in live.Keys.Union(prior.Keys))
        {
            var mappings = live.GetValueOrDefault(device) ?? [];
            var held = prior.GetValueOrDefault(device) ?? [];
            var heldUnits = mappings.Sum(result.UnitsOf) + held.Sum(h => h.Units);
            var name = log.Names.Text(device);
            holders.Add(new Holder
            {
                Device = name,
                Driver = facts.DriverOf(name),
                Bytes = mappings.Sum(i => log[i].Bytes > 0 ? log[i].Bytes : result.UnitsOf(i) * result.Setup.Geometry.UnitBytes) + (held.Sum(h => h.Units) * result.Setup.Geometry.UnitBytes),
                Units = heldUnits,
                Mappings = mappings.Count + held.Count,
                Share = heldUnits / units,
                OldestAgeSeconds = mappings.Count == 0 ? null : (moment - log[mappings[0]].TimeNs) / 1e9,
                GrowthUnitsPerSecond = device == 0 || moment <= since
                    ? null
                    : (heldUnits - before.GetValueOrDefault(device) - held.Sum(h => h.Units)) / ((moment - since) / 1e9),
                Consumers = Consumers(result, mappings, facts),
            });
        }

        return [.. holders.OrderByDescending(h => h.Units).ThenBy(h => h.Device, StringComparer.Ordinal)];
    }

    private static List<ConsumerShare> Consumers(PoolReplayResult result, List<int> mappings, CaseFacts facts)
    {
        var log = result.Setup.Log;
        return [.. mappings.GroupBy(i => ConsumerName(log, i), StringComparer.Ordinal)
            .Select(g => new ConsumerShare(g.Key, facts.AliasOf(g.Key), g.Sum(result.UnitsOf), g.Count()))
            .OrderByDescending(c => c.Units).ThenBy(c => c.Consumer, StringComparer.Ordinal)
            .Take(MaxConsumers)];
    }

    private static string ConsumerName(OperationLog log, int operation)
    {
        var mapping = log[operation];
        if (mapping.Consumer != 0)
        {
            return log.Names.Text(mapping.Consumer);
        }

        return mapping.Interrupt ? "(interrupt)" : mapping.Comm == 0 ? "(not told)" : "task " + log.Names.Text(mapping.Comm);
    }

    /// <summary>Units of trace mappings each device held at a time.</summary>
    private static Dictionary<int, long> HeldAt(PoolReplayResult result, long timeNs, out long since)
    {
        var log = result.Setup.Log;
        var held = new Dictionary<int, long>();
        since = timeNs;
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.TimeNs > timeNs)
            {
                break;
            }

            if (operation.Kind != OperationKind.Map || operation.Result != OperationResult.Mapped || operation.Pool != result.Setup.Pool)
            {
                continue;
            }

            var mate = result.Mates[i];
            if (mate < 0 || log[mate].TimeNs > timeNs)
            {
                held[operation.Device] = held.GetValueOrDefault(operation.Device) + result.UnitsOf(i);
            }
        }

        return held;
    }

    private static long FirstTime(OperationLog log) => log.Count == 0 ? 0 : log[0].TimeNs;
}
