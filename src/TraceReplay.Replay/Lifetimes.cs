
namespace TraceReplay.Replay;

/// <summary>How long mappings of one kind (device and size) live. A request that failed in reality but succeeds in a
/// counterfactual gets a lifetime from its own kind: an estimate, and reports say so.</summary>
public sealed class Lifetimes
{
    /// <summary>Never given back within the trace.</summary>
    public const long Endless = long.MaxValue;

    private readonly Dictionary<(int Device, long Bytes), long[]> _byKind = [];
    private readonly Dictionary<int, long[]> _byDevice = [];
    private readonly long[] _all;

    private Lifetimes(Dictionary<(int Device, long Bytes), List<long>> byKind)
    {
        foreach (var (kind, list) in byKind)
        {
            _byKind[kind] = [.. list.Order()];
        }

        foreach (var group in byKind.GroupBy(k => k.Key.Device))
        {
            _byDevice[group.Key] = [.. group.SelectMany(k => k.Value).Order()];
        }

        _all = [.. byKind.Values.SelectMany(v => v).Order()];
    }

    /// <summary>Learns the lifetimes of a replayed trace.</summary>
    /// <param name="result">The replay.</param>
    /// <returns>The distributions.</returns>
    public static Lifetimes Learn(PoolReplayResult result)
    {
        var byKind = new Dictionary<(int Device, long Bytes), List<long>>();
        var log = result.Setup.Log;
        var unwound = Unwound(result);
        for (var i = 0; i < log.Count; i++)
        {
            ref var operation = ref log[i];
            if (operation.Kind != OperationKind.Map || operation.Result != OperationResult.Mapped
                || operation.Pool != result.Setup.Pool || unwound.Contains(i))
            {
                continue;
            }

            var key = (operation.Device, operation.Bytes);
            if (!byKind.TryGetValue(key, out var list))
            {
                byKind.Add(key, list = []);
            }

            var mate = result.Mates[i];
            list.Add(mate < 0 ? Endless : Math.Max(0, log[mate].TimeNs - operation.TimeNs));
        }

        return new Lifetimes(byKind);
    }

    /// <summary>The lifetime of the n-th admitted request of a kind: quantiles in a fixed, well-spread order, so that a
    /// run is repeatable and its sample follows the distribution.</summary>
    /// <param name="device">Device.</param>
    /// <param name="bytes">Size.</param>
    /// <param name="ordinal">Number of this admission.</param>
    /// <returns>Nanoseconds, or <see cref="Endless"/>.</returns>
    public long Draw(int device, long bytes, long ordinal)
    {
        if (!_byKind.TryGetValue((device, bytes), out var list) && !_byDevice.TryGetValue(device, out list))
        {
            list = _all;
        }

        // The golden ratio's multiples fill the interval evenly (a low-discrepancy sequence).
        var quantile = (ordinal * 0.6180339887498949) % 1;
        return list.Length == 0 ? Endless : list[(int)(quantile * list.Length)];
    }

    /// <summary>Mappings that a driver gave back only because a later mapping of the same command failed.</summary>
    private static HashSet<int> Unwound(PoolReplayResult result)
    {
        var log = result.Setup.Log;
        var unwound = new HashSet<int>();
        foreach (var failure in result.Failures)
        {
            var pid = log[failure.Operation].Pid;
            for (var i = failure.Operation + 1; i < log.Count && i < failure.Operation + 256; i++)
            {
                ref var operation = ref log[i];
                if (operation.Pid != pid || operation.Interrupt)
                {
                    continue;
                }

                if (operation.Kind == OperationKind.Map)
                {
                    break;
                }

                if (result.Mates[i] >= 0)
                {
                    unwound.Add(result.Mates[i]);
                }
            }
        }

        return unwound;
    }
}
