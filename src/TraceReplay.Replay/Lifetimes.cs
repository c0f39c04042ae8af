using TraceReplay.Replay.Paging;

namespace TraceReplay.Replay;

/// <summary>How long mappings of one kind (device and size) live. A request that failed in reality but succeeds in a
/// counterfactual gets a lifetime from its own kind: an estimate, and reports say so.</summary>
public sealed class Lifetimes
{
    /// <summary>Never given back within the trace.</summary>
    public const long Endless = long.MaxValue;

    private readonly SortedGroups<(int Device, long Bytes)> _byKind;
    private readonly Lazy<SortedGroups<int>> _byDevice;
    private readonly Lazy<SortedGroups<int>> _all;

    private Lifetimes(SortedGroups<(int Device, long Bytes)> byKind)
    {
        _byKind = byKind;
        _byDevice = new Lazy<SortedGroups<int>>(() => Joined(kind => kind.Device));
        _all = new Lazy<SortedGroups<int>>(() => Joined(_ => 0));
    }

    /// <summary>Learns the lifetimes of a replayed trace.</summary>
    /// <param name="result">The replay.</param>
    /// <returns>The distributions.</returns>
    public static Lifetimes Learn(PoolReplayResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var byKind = new SortedGroups<(int Device, long Bytes)>();
        var unwound = Unwound(result);
        Walk(result, unwound, (in DmaOperation map, int _) => byKind.Expect((map.Device, map.Bytes)));
        Walk(result, unwound, (in DmaOperation map, int mate) => byKind.Add(
            (map.Device, map.Bytes), mate < 0 ? Endless : Math.Max(0, result.Setup.Log[mate].TimeNs - map.TimeNs)));
        byKind.Sort();
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
        // The golden ratio's multiples fill the interval evenly (a low-discrepancy sequence).
        var quantile = (ordinal * 0.6180339887498949) % 1;
        return _byKind.Count((device, bytes)) > 0 ? At(_byKind, (device, bytes), quantile)
            : _byDevice.Value.Count(device) > 0 ? At(_byDevice.Value, device, quantile)
            : _all.Value.Count(0) > 0 ? At(_all.Value, 0, quantile) : Endless;
    }

    private static long At<TKey>(SortedGroups<TKey> groups, TKey key, double quantile)
        where TKey : notnull => groups.At(key, (int)(quantile * groups.Count(key)));

    /// <summary>Several kinds together.</summary>
    private SortedGroups<int> Joined(Func<(int Device, long Bytes), int> key)
    {
        var joined = new SortedGroups<int>();
        foreach (var kind in _byKind.Keys)
        {
            for (var i = 0; i < _byKind.Count(kind); i++)
            {
                joined.Expect(key(kind));
            }
        }

        foreach (var kind in _byKind.Keys)
        {
            for (var i = 0; i < _byKind.Count(kind); i++)
            {
                joined.Add(key(kind), _byKind.At(kind, i));
            }
        }

        joined.Sort();
        return joined;
    }

    private delegate void Visit(in DmaOperation map, int mate);

    /// <summary>Walks the mappings that were served.</summary>
    private static void Walk(PoolReplayResult result, OperationSet unwound, Visit visit)
    {
        var log = result.Setup.Log;
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Kind == OperationKind.Map && operation.Result == OperationResult.Mapped
                && operation.Pool == result.Setup.Pool && !unwound.Contains(i))
            {
                visit(in operation, result.Mates[i]);
            }
        }
    }

    /// <summary>Mappings that a driver gave back only because a later mapping of the same command failed.</summary>
    private static OperationSet Unwound(PoolReplayResult result)
    {
        var log = result.Setup.Log;
        var unwound = new OperationSet();
        foreach (var failure in result.Failures)
        {
            var pid = log[failure.Operation].Pid;
            for (var i = failure.Operation + 1; i < log.Count && i < failure.Operation + 256; i++)
            {
                var operation = log[i];
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
