using TraceReplay.Demand.Capacity;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Planning;

/// <summary>One end of the bounds: demand and capacity of a pool where everything is at its least, or at its most.</summary>
/// <param name="Demand">Units asked for.</param>
/// <param name="Usable">Units that such commands can get.</param>
/// <param name="Commands">Commands that fit beside what is held for ever.</param>
/// <param name="ExceedsRequestLimit">A request is larger than the pool ever serves.</param>
internal readonly record struct CornerFit(long Demand, long Usable, long Commands, bool ExceedsRequestLimit)
{
    public bool Fits => !ExceedsRequestLimit && Demand <= Usable;
}

/// <summary>Holds demand of hosts against a pool that they share. Remembers what it measured: solving for a setting asks
/// for the same pool many times.</summary>
internal sealed class PoolFit(int scatterlistBytes)
{
    private readonly Dictionary<(PoolGeometry, CommandShape, long), UsablePool> _measured = [];
    private readonly Dictionary<PoolGeometry, IPoolModel> _models = [];

    public int ScatterlistBytes => scatterlistBytes;

    /// <summary>Demand of each host.</summary>
    public IReadOnlyList<HostPlan> Demands(PoolGeometry geometry, IReadOnlyList<HostInput> hosts) =>
        [.. hosts.Select(host => HostDemand.On(Model(geometry), host, scatterlistBytes))];

    /// <summary>One end of the bounds.</summary>
    public CornerFit Corner(PoolGeometry geometry, IReadOnlyList<HostInput> hosts, bool most)
    {
        var demands = Demands(geometry, hosts);
        var permanent = Sum(demands.Select(demand => most ? demand.Permanent.Most : demand.Permanent.Least));
        var shapes = hosts.Select(host => HostDemand.Shape(geometry, host, most, scatterlistBytes)).Distinct();
        var usable = shapes.Select(shape => Measure(geometry, shape, Math.Min(permanent, geometry.Units))).ToList();
        // Hosts with commands of several shapes: the one that gets least of the pool counts where demand is at its most.
        var chosen = most ? usable.MinBy(pool => pool.Units) : usable.MaxBy(pool => pool.Units);
        return new CornerFit(
            Sum(demands.Select(demand => most ? demand.Demand.Most : demand.Demand.Least)),
            chosen.Units, chosen.Commands, usable.Exists(pool => pool.ExceedsRequestLimit));
    }

    /// <summary>Whether the most that the hosts could ask for fits.</summary>
    public bool Fits(PoolGeometry geometry, IReadOnlyList<HostInput> hosts) => Corner(geometry, hosts, most: true).Fits;

    public IPoolModel Model(PoolGeometry geometry)
    {
        if (!_models.TryGetValue(geometry, out var model))
        {
            _models[geometry] = model = PoolModels.Create(geometry);
        }

        return model;
    }

    private UsablePool Measure(PoolGeometry geometry, CommandShape shape, long permanent)
    {
        var key = (geometry, shape, permanent);
        if (!_measured.TryGetValue(key, out var usable))
        {
            _measured[key] = usable = UsablePool.Measure(geometry, shape, permanent);
        }

        return usable;
    }

    private static long Sum(IEnumerable<long> values) =>
        values.Aggregate(0L, (sum, value) => (long)Int128.Min((Int128)sum + value, Estimate.Ceiling));
}
