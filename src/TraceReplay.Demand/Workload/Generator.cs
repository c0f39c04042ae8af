using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Demand.Workload;

/// <summary>What a generated workload came to.</summary>
/// <param name="Commands">Commands completed.</param>
/// <param name="Failures">Attempts that the pool refused.</param>
/// <param name="PeakUnits">Highest use of the pool.</param>
/// <param name="Units">Units of the pool.</param>
/// <param name="PeakCommands">Most commands mapped at once.</param>
/// <param name="PeakOfHost">Most commands one host had in flight.</param>
/// <param name="Rows">Rows written.</param>
/// <param name="EndNs">Time of the last completion.</param>
/// <param name="IsStuck">No command could be mapped although nothing was in flight: one is larger than the pool
/// serves.</param>
public sealed record WorkloadResult(
    long Commands, long Failures, long PeakUnits, long Units, long PeakCommands, int PeakOfHost, long Rows, long EndNs, bool IsStuck);

/// <summary>Runs a workload against the model of a pool, closed-loop: what the pool refuses is tried again as the kernel's
/// mid-layer does, and so changes what comes later. Writes the trace that such a machine would give. The seed decides
/// everything; memory holds only what is in flight and a word for each LUN path.</summary>
public sealed class Generator
{
    // An empty pool that refuses a command refuses it for ever: each waiting queue is heard, and then it ends.
    private const int TriesWithoutProgress = 16;

    private readonly WorkloadScenario _scenario;
    private readonly SeededRandom _random;
    private readonly ICommandPool _pool;
    private readonly TablesOfLuns? _tables;
    private readonly MidLayer _midLayer;
    private readonly CanonicalWriter _output;
    private readonly ScsiHost[] _hosts;
    private readonly HashSet<LunPath> _active = [];
    private readonly HashSet<int> _busyLuns = [];
    private readonly long _units;
    private long _left;
    private long _now;

    private Generator(WorkloadScenario scenario, IPoolModel model, CanonicalWriter output)
    {
        _scenario = scenario;
        _output = output;
        _units = model.Geometry.Units;
        _random = new SeededRandom(scenario.Seed);
        _tables = TablesOfLuns.Serves(scenario, model.Geometry) ? new TablesOfLuns(model, scenario, output) : null;
        _pool = _tables is null ? new PoolClient(model, scenario, output) : _tables;
        _midLayer = new MidLayer(_pool, scenario, new CommandSource(scenario, _random));
        _hosts = [.. Enumerable.Range(0, scenario.Hosts).Select(number => new ScsiHost(number))];
        _left = scenario.Commands;
    }

    /// <summary>Generates a trace.</summary>
    /// <param name="scenario">The workload.</param>
    /// <param name="output">Receives the canonical CSV.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What it came to.</returns>
    /// <exception cref="PlanException">The scenario is impossible.</exception>
    /// <exception cref="SpecException">The pool is.</exception>
    public static WorkloadResult Run(WorkloadScenario scenario, Stream output, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        scenario.Check();
        var geometry = Geometry(scenario);
        using var writer = new CanonicalWriter(output, geometry, scenario);
        writer.Head();
        return new Generator(scenario, PoolModels.Create(geometry), writer).Run(cancellation);
    }

    private static PoolGeometry Geometry(WorkloadScenario scenario)
    {
        var spec = PoolSpec.Parse(scenario.Pool);
        var (geometry, _) = (spec.Kernel is null ? spec with { Kernel = scenario.Kernel } : spec).Resolve(null);
        if (geometry.Kind is PoolKind.Swiotlb && geometry.Base == 0)
        {
            // Below 4 GiB, where devices with a 32-bit mask reach it.
            geometry = geometry with { Base = 0x4000_0000, BaseKnown = true };
        }

        try
        {
            PoolModels.Create(geometry);
        }
        catch (ArgumentOutOfRangeException impossible)
        {
            throw new SpecException(spec.Text, 0, "a pool that a kernel can have", impossible.Message.Split('\n')[0]);
        }

        return geometry;
    }

    private WorkloadResult Run(CancellationToken cancellation)
    {
        var isStuck = false;
        for (var (i, arrival) = (0, _tables?.Attach(_hosts, cancellation) ?? 0); i < _scenario.ActiveLuns && _left > 0 && !isStuck; i++)
        {
            // Users do not all begin in the same instant.
            arrival += _random.Between(0, 2_000_000);
            isStuck = Catch(arrival, cancellation);
            _now = arrival;
            NextBurst();
        }

        isStuck = isStuck || Catch(long.MaxValue, cancellation);
        return new WorkloadResult(_scenario.Commands - _left - Waiting(), _pool.Failures, _pool.PeakUnits, _units, _pool.PeakCommands,
            _midLayer.PeakOfHost, _output.Rows, _now, isStuck);
    }

    /// <summary>Lets everything happen up to a time.</summary>
    private bool Catch(long until, CancellationToken cancellation)
    {
        long fruitless = 0;
        while (_midLayer.NextTime is { } next && next <= until)
        {
            cancellation.ThrowIfCancellationRequested();
            _now = next;
            var failures = _pool.Failures;
            var idle = _hosts.All(host => host.InFlight == 0);
            if (_midLayer.Step() is { } dry)
            {
                _busyLuns.Remove(dry.Lun);
                _active.Remove(dry);
                NextBurst();
            }

            fruitless = idle && _pool.Failures > failures ? fruitless + 1 : idle ? fruitless : 0;
            if (fruitless > TriesWithoutProgress + _active.Count)
            {
                return true;
            }
        }

        return false;
    }

    private long Waiting() => _active.Sum(path => path.Waiting + path.InFlight + (path.Head is null ? 0L : 1));

    /// <summary>A user turns to a LUN that nobody uses, and queues a burst on one of its paths.</summary>
    private void NextBurst()
    {
        var commands = (int)Math.Min(_left, _scenario.BurstCommands);
        if (commands == 0)
        {
            return;
        }

        _left -= commands;
        int lun;
        do
        {
            lun = (int)_random.Between(0, _scenario.Luns - 1);
        }
        while (!_busyLuns.Add(lun));
        var number = (int)_random.Between(0, _scenario.Paths - 1);
        var host = _hosts[number % _scenario.Hosts];
        var name = string.Create(CultureInfo.InvariantCulture, $"{host.Number}:0:{number / _scenario.Hosts}:{lun}");
        var path = new LunPath(host, lun, name);
        _active.Add(path);
        _midLayer.Submit(path, commands, _now);
    }
}
