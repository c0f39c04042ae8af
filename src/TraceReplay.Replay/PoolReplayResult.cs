using TraceReplay.Core;
using TraceReplay.Replay.Paging;

namespace TraceReplay.Replay;

/// <summary>What replaying a trace as it happened gave.</summary>
public sealed class PoolReplayResult
{
    /// <summary>The pool.</summary>
    public required PoolSetup Setup { get; init; }

    /// <summary>Name of the model used.</summary>
    public required string Model { get; init; }

    /// <summary>For each operation its partner: the release of a mapping, the mapping of a release; -1 = none in the
    /// trace, -2 = a release of a prior holding.</summary>
    public required PagedArray<int> Mates { get; init; }

    /// <summary>Releases that give back several mappings at once, with all of those.</summary>
    public Dictionary<int, int[]> MergedReleases { get; } = [];

    /// <summary>The failing requests in order.</summary>
    public List<PoolFailure> Failures { get; } = [];

    /// <summary>Successful mappings.</summary>
    public long Mapped { get; set; }

    /// <summary>Successful mappings whose place the trace shows.</summary>
    public long Compared { get; set; }

    /// <summary>Those where the model chose the same place.</summary>
    public long Equal { get; set; }

    /// <summary>Unequal ones at which another CPU worked in the allocator at the same time, or whose entry state already
    /// differed from the model's: order within the trace, not the model, makes the difference.</summary>
    public long ExplainedByConcurrency { get; set; }

    /// <summary>Requests that failed in the kernel although the model, at that point, had room.</summary>
    public long FailuresModelWouldServe { get; set; }

    /// <summary>Mappings at places that were thought taken: their releases are not in the trace.</summary>
    public long TakenTwice { get; set; }

    /// <summary>Whether so many releases are missing that what is held is not known.</summary>
    public bool ReleasesAreMissing => TakenTwice > Math.Max(16, Mapped / 20);

    /// <summary>Units that drivers left behind by unmapping less than they mapped (before 5.14).</summary>
    public long LeftBehindUnits { get; set; }

    /// <summary>Pools that a dynamic swiotlb added.</summary>
    public long AddedPools { get; set; }

    /// <summary>Transient pools of one mapping each that it made.</summary>
    public long TransientPools { get; set; }

    /// <summary>Releases of units that the replay did not know to be in use.</summary>
    public long UnknownReleases { get; set; }

    /// <summary>Highest use.</summary>
    public long PeakUsedUnits { get; set; }

    /// <summary>When.</summary>
    public long PeakTimeNs { get; set; } = TraceEvent.NoTime;

    /// <summary>Use over time.</summary>
    public OccupancySampler Occupancy { get; } = new();

    /// <summary>Map operations alive just before the first failure, or at the peak if nothing failed.</summary>
    public int[] LiveAtMoment { get; set; } = [];

    /// <summary>Prior holdings alive at that moment.</summary>
    public IReadOnlyList<PriorHolding> PriorAtMoment { get; set; } = [];

    /// <summary>Of <see cref="LiveAtMoment"/>, the mappings that may be gone: made before events were lost and never seen
    /// to be given back.</summary>
    /// <returns>Map operations.</returns>
    public IEnumerable<int> DoubtfulAtMoment()
    {
        var losses = Setup.Log.Losses;
        var last = losses.Where(l => l.Operation <= MomentOperation).Select(l => l.Operation).DefaultIfEmpty(-1).Max();
        return LiveAtMoment.Where(operation => operation < last && Mates[operation] == -1);
    }

    /// <summary>Index of the operation that moment belongs to, -1 if the trace is empty.</summary>
    public int MomentOperation { get; set; } = -1;

    /// <summary>Unit of a mapping's first unit per map operation, -1 if it failed.</summary>
    public required PagedArray<long> FirstUnits { get; init; }

    /// <summary>Units a map operation took (or needs, if it failed).</summary>
    /// <param name="operation">Index of a map operation.</param>
    /// <returns>Units.</returns>
    public long UnitsOf(int operation) => UnitsOf(Setup.Log[operation]);

    /// <summary>Units a map operation took (or needs, if it failed).</summary>
    /// <param name="operation">A map operation.</param>
    /// <returns>Units.</returns>
    public long UnitsOf(in DmaOperation operation)
    {
        _sizing ??= Pools.PoolModels.Create(Setup.Geometry);
        return _sizing.UnitsFor(Setup.Request(in operation));
    }

    private Pools.IPoolModel? _sizing;
}
