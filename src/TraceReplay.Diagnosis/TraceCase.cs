using TraceReplay.Pools;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>All that the rules look at for one replayed pool with failures.</summary>
public sealed class TraceCase
{
    private readonly Dictionary<Change, CounterfactualResult> _runs = [];
    private Cause[]? _causes;

    /// <summary>Creates the case.</summary>
    /// <param name="result">The trace as it happened.</param>
    /// <param name="facts">The facts.</param>
    /// <param name="choice">The geometry.</param>
    public TraceCase(PoolReplayResult result, CaseFacts facts, GeometryChoice choice)
    {
        Result = result;
        Facts = facts;
        Choice = choice;
        Lifetimes = Lifetimes.Learn(result);
        Preallocated = PreallocationRule.Find(result);
        Leaks = LeakRule.Find(result, Preallocated);
        MaxRequestUnits = PoolModels.Create(result.Setup.Geometry).MaxRequestUnits;
    }

    /// <summary>The trace as it happened.</summary>
    public PoolReplayResult Result { get; }

    /// <summary>The facts.</summary>
    public CaseFacts Facts { get; }

    /// <summary>The geometry and how it is known.</summary>
    public GeometryChoice Choice { get; }

    /// <summary>Lifetimes by kind of mapping.</summary>
    public Lifetimes Lifetimes { get; }

    /// <summary>Maps that are held for commands not in flight, by device.</summary>
    public IReadOnlyList<Preallocated> Preallocated { get; }

    /// <summary>Leaks.</summary>
    public IReadOnlyList<LeakFinding> Leaks { get; }

    /// <summary>Most units one request can ever get.</summary>
    public long MaxRequestUnits { get; }

    /// <summary>The operations.</summary>
    public OperationLog Log => Result.Setup.Log;

    /// <summary>The pool.</summary>
    public PoolGeometry Geometry => Result.Setup.Geometry;

    /// <summary>Name of an interned device.</summary>
    /// <param name="device">Id.</param>
    /// <returns>Its name.</returns>
    public string DeviceName(int device) => Log.Names.Text(device);

    /// <summary>Replays a change, once.</summary>
    /// <param name="change">The change.</param>
    /// <returns>What happens.</returns>
    public CounterfactualResult Try(Change change)
    {
        lock (_runs)
        {
            if (_runs.TryGetValue(change, out var known))
            {
                return known;
            }
        }

        var run = Counterfactual.Run(Result, Lifetimes, change);
        lock (_runs)
        {
            _runs[change] = run;
        }

        return run;
    }

    /// <summary>The cause of each failure, in order.</summary>
    /// <returns>Causes.</returns>
    public Cause[] FailureCauses() => _causes ??= DecideCauses();

    private Cause[] DecideCauses()
    {
        var ideal = Try(new Change { WithoutLayout = true });
        var causes = new Cause[Result.Failures.Count];
        var leaked = new HeldSoFar(Result, Leaks.SelectMany(l => l.Operations));
        var preallocated = new HeldSoFar(Result, Preallocated.SelectMany(p => p.Operations));
        for (var i = 0; i < causes.Length; i++)
        {
            var failure = Result.Failures[i];
            causes[i] = FailureCauseRule.Decide(failure, Geometry, MaxRequestUnits, leaked.Before(failure.Operation),
                preallocated.Before(failure.Operation), ideal.FailedOperations.Contains(failure.Operation));
        }

        NameNeedless(causes);
        return causes;
    }

    /// <summary>Where mappings took the pool that their devices could have reached directly, what fails only because of them is theirs:
    /// measured by a replay without them.</summary>
    private void NameNeedless(Cause[] causes)
    {
        if (Result.Setup.Reachable.Count == 0)
        {
            return;
        }

        var without = Try(new Change { WithoutReachable = true });
        for (var i = 0; i < causes.Length; i++)
        {
            if (causes[i] is Cause.Capacity or Cause.Fragmentation or Cause.AreaExhaustion && !without.FailedOperations.Contains(Result.Failures[i].Operation))
            {
                causes[i] = Cause.NeedlessBounce;
            }
        }
    }

    /// <summary>Replays without each device and with each alone, side by side.</summary>
    /// <returns>A trial per device that used the pool.</returns>
    public IReadOnlyList<DeviceTrial> DeviceTrials()
    {
        var held = Result.LiveAtMoment.GroupBy(i => Log[i].Device)
            .ToDictionary(g => g.Key, g => g.Sum(Result.UnitsOf));
        foreach (var prior in Result.PriorAtMoment)
        {
            held[prior.Device] = held.GetValueOrDefault(prior.Device) + prior.Units;
        }

        var own = Result.Failures.GroupBy(f => Log[f.Operation].Device).ToDictionary(g => g.Key, g => (long)g.Count());
        var devices = held.Keys.Union(own.Keys).Where(d => d != 0).Order().ToArray();
        var trials = new DeviceTrial[devices.Length];
        Parallel.For(0, devices.Length, i =>
        {
            var device = devices[i];
            var without = Try(new Change { WithoutDevice = device });
            var alone = own.ContainsKey(device) ? Try(new Change { OnlyDevice = device }).Failures : 0;
            trials[i] = new DeviceTrial(
                device, held.GetValueOrDefault(device), own.GetValueOrDefault(device), without.Failures, alone);
        });
        return trials;
    }

    /// <summary>Sums up what maps that are never given back hold.</summary>
    private sealed class HeldSoFar(PoolReplayResult result, IEnumerable<int> operations)
    {
        private readonly int[] _operations = [.. operations.Order()];
        private int _next;
        private long _units;

        /// <summary>Units held just before an operation; asked in order.</summary>
        public long Before(int operation)
        {
            for (; _next < _operations.Length && _operations[_next] < operation; _next++)
            {
                _units += result.UnitsOf(_operations[_next]);
            }

            return _units;
        }
    }
}
