using TraceReplay.Core;
using TraceReplay.Diagnosis.KnownIssues;

namespace TraceReplay.Diagnosis;

/// <summary>All that an analysis found; the model of every output (terminal, JSON, Markdown, HTML, database rows).
/// Field by field it is the contract's <c>tracereplay.report/1</c>.</summary>
public sealed record AnalysisReport
{
    /// <summary>The inputs read.</summary>
    public IReadOnlyList<SourceSummary> Sources { get; init; } = [];

    /// <summary>The machine, as far as told; of several cases the first one's.</summary>
    public MachineReport Machine { get; init; } = new();

    /// <summary>The machine of each case, in the order of the cases; empty where there is only one.</summary>
    public IReadOnlyList<MachineReport> Machines { get; init; } = [];

    /// <summary>The machine of each case, one or several.</summary>
    public IReadOnlyList<MachineReport> EveryMachine => Machines.Count > 0 ? Machines : [Machine];

    /// <summary>The pools seen.</summary>
    public IReadOnlyList<PoolReport> Pools { get; init; } = [];

    /// <summary>What went wrong, worst first; empty if nothing did.</summary>
    public IReadOnlyList<Incident> Incidents { get; init; } = [];

    /// <summary>Known bugs and traps that the machine and its log show, without a failed mapping they belong to.</summary>
    public IReadOnlyList<KnownIssueMatch> KnownIssues { get; init; } = [];

    /// <summary>How well the model agrees with the slots that the trace shows.</summary>
    public Fidelity Fidelity { get; init; } = new(0, 0, 0, string.Empty);

    /// <summary>What the user must know about the inputs.</summary>
    public IReadOnlyList<Diagnostic> Warnings { get; init; } = [];

    /// <summary>How the kernel's clock in the source of an incident's first failure is brought to the wall's: its path, and the offset. Several of one
    /// source follow each other: the clock was set.</summary>
    public IReadOnlyList<(string Path, ClockOffsetFact Offset)> Clocks { get; init; } = [];
}

/// <summary>The machine.</summary>
public sealed record MachineReport
{
    /// <summary>Name of its case; empty where there is only one.</summary>
    public string CaseName { get; init; } = string.Empty;

    /// <summary>Kernel release.</summary>
    public string? Kernel { get; init; }

    /// <summary>Architecture.</summary>
    public string? Arch { get; init; }

    /// <summary>Kernel command line.</summary>
    public string? CommandLine { get; init; }

    /// <summary>Wall time of boot, ISO 8601.</summary>
    public string? BootTime { get; init; }

    /// <summary>Hosts, LUNs and their paths; null if the inputs say nothing of them.</summary>
    public InventoryReport? Inventory { get; init; }
}

/// <summary>One pool.</summary>
public sealed record PoolReport
{
    /// <summary>Number within the report, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>Kind.</summary>
    public required PoolKind Kind { get; init; }

    /// <summary>Model used (<c>swiotlb-G4 (kernel 6.0 to 6.2)</c>), empty if nothing was replayed.</summary>
    public string Model { get; init; } = string.Empty;

    /// <summary>Bytes of a unit.</summary>
    public long UnitBytes { get; init; }

    /// <summary>Units, 0 if not known.</summary>
    public long Units { get; init; }

    /// <summary>Areas or sub-pools.</summary>
    public int Areas { get; init; } = 1;

    /// <summary>Bus address of the first unit, null if not known.</summary>
    public ulong? Base { get; init; }

    /// <summary>Further geometry values by name.</summary>
    public IReadOnlyDictionary<string, long> More { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>How the geometry is known.</summary>
    public GeometryOrigin GeometryFrom { get; init; } = GeometryOrigin.Default;

    /// <summary>Highest use seen, units; -1 if not known.</summary>
    public long PeakUsedUnits { get; init; } = -1;

    /// <summary>When, ns of the trace's clock.</summary>
    public long PeakTimeNs { get; init; } = TraceEvent.NoTime;

    /// <summary>Failing mappings.</summary>
    public long Failures { get; init; }

    /// <summary>Units held by mappings made before the trace began; -1 if not known.</summary>
    public long HeldBeforeTraceUnits { get; init; } = -1;

    /// <summary>Successful mappings replayed.</summary>
    public long Mappings { get; init; }

    /// <summary>Use over time, downsampled without losing peaks; empty for a log.</summary>
    public IReadOnlyList<OccupancyPoint> Occupancy { get; init; } = [];

    /// <summary>Times of failures for the plot, at most a few hundred.</summary>
    public IReadOnlyList<long> FailureTimesNs { get; init; } = [];
}

/// <summary>Use of a pool over one slice of time.</summary>
/// <param name="TimeNs">Start of the slice.</param>
/// <param name="UsedUnits">Highest use in the slice.</param>
/// <param name="LargestFreeRun">Longest free run at that moment, -1 if not sampled.</param>
/// <param name="Failures">Failing mappings in the slice.</param>
public readonly record struct OccupancyPoint(long TimeNs, long UsedUnits, long LargestFreeRun, int Failures);

/// <summary>Agreement of model and trace.</summary>
/// <param name="Allocations">Successful allocations replayed.</param>
/// <param name="Compared">Those whose slot the trace shows.</param>
/// <param name="Equal">Those where the model chose the same slot.</param>
/// <param name="Explanation">Why some differ, empty if none does.</param>
public sealed record Fidelity(long Allocations, long Compared, long Equal, string Explanation);

/// <summary>The contract's causes.</summary>
public enum Cause
{
    /// <summary>The evidence does not tell.</summary>
    Unknown,

    /// <summary>Demand that comes back down, larger than the pool.</summary>
    Capacity,

    /// <summary>Mappings never given back fill the pool.</summary>
    Leak,

    /// <summary>Enough free units, no run long enough.</summary>
    Fragmentation,

    /// <summary>One mapping larger than the pool can ever serve.</summary>
    SegmentLimit,

    /// <summary>Free units only in areas this request could not use.</summary>
    AreaExhaustion,

    /// <summary>The pool lies where the device cannot reach.</summary>
    MaskLimit,

    /// <summary>Mappings that the device could reach directly took the pool.</summary>
    NeedlessBounce,

    /// <summary>Maps held for commands not in flight.</summary>
    Preallocation,

    /// <summary>The pool was never set up.</summary>
    PoolUnavailable,

    /// <summary>The kernel's search never ends.</summary>
    Livelock,
}

/// <summary>The contract's spelling of <see cref="Cause"/>.</summary>
public static class CauseNames
{
    private static readonly string[] Names =
    [
        "unknown", "capacity", "leak", "fragmentation", "segment-limit", "area-exhaustion", "mask-limit",
        "needless-bounce", "preallocation", "pool-unavailable", "livelock",
    ];

    /// <summary>All names, indexed by the value of <see cref="Cause"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>The stable text of a cause.</summary>
    /// <param name="cause">The cause.</param>
    /// <returns>Lower-case text with hyphens.</returns>
    public static string Name(this Cause cause) => Names[(int)cause];
}

/// <summary>One exhaustion of one pool.</summary>
public sealed record Incident
{
    /// <summary>Number within the report, from 1.</summary>
    public required int Id { get; init; }

    /// <summary>The directory or archive that it was found in, empty = the report is on one case only.</summary>
    public string CaseName { get; init; } = string.Empty;

    /// <summary>Pool number.</summary>
    public required int Pool { get; init; }

    /// <summary>Kind of that pool.</summary>
    public required PoolKind PoolKind { get; init; }

    /// <summary>True if allocations and frees were replayed (<c>trace</c>), false if read from a log (<c>log</c>).</summary>
    public required bool FromTrace { get; init; }

    /// <summary>Cause of most failures.</summary>
    public required Cause Cause { get; init; }

    /// <summary>Confidence in the cause, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>The first failing mapping.</summary>
    public FailureReport? FirstFailure { get; init; }

    /// <summary>Failing mappings (log: lines).</summary>
    public long Failures { get; init; }

    /// <summary>What rate limiting hid on top (log: sum of the suppressed counts).</summary>
    public long Suppressed { get; init; }

    /// <summary>How many requests really failed, rebuilt from the suppressed counts; null from a trace, where all are seen.</summary>
    public FailureRange? FailureRange { get; init; }

    /// <summary>Time of the last failure.</summary>
    public long LastFailureTimeNs { get; init; } = TraceEvent.NoTime;

    /// <summary>Where the last failing line of a log stands: its clock may be another than that of the first.</summary>
    public SourceRef LastFailureSource { get; init; }

    /// <summary>Failures by cause, most first.</summary>
    public IReadOnlyList<CauseCount> Causes { get; init; } = [];

    /// <summary>Devices whose mappings failed, most first.</summary>
    public IReadOnlyList<Reporter> Reporters { get; init; } = [];

    /// <summary>Who held the pool just before the first failure, largest first.</summary>
    public IReadOnlyList<Holder> Holders { get; init; } = [];

    /// <summary>Whose removal makes the failures vanish or shrink, most to blame first.</summary>
    public IReadOnlyList<Culprit> Culprits { get; init; } = [];

    /// <summary>The verdict: two sentences at most.</summary>
    public string Verdict { get; init; } = string.Empty;

    /// <summary>How it came to it, in plain words.</summary>
    public string Explanation { get; init; } = string.Empty;

    /// <summary>What proves it.</summary>
    public IReadOnlyList<Evidence> Evidence { get; init; } = [];

    /// <summary>The smallest pool without failure, null if no size helps or it was not found.</summary>
    public LeastSize? LeastSize { get; init; }

    /// <summary>Changes, best first, with those that cannot help named as such.</summary>
    public IReadOnlyList<Remedy> Remedies { get; init; } = [];

    /// <summary>Known bugs and traps that fit, best first.</summary>
    public IReadOnlyList<KnownIssueMatch> KnownIssues { get; init; } = [];

    /// <summary>What is not certain.</summary>
    public IReadOnlyList<string> Uncertain { get; init; } = [];

    /// <summary>What to capture next, as commands or boot options with the reason.</summary>
    public IReadOnlyList<string> NextCapture { get; init; } = [];
}

/// <summary>Bounds of a number of failures.</summary>
/// <param name="Least">Certainly so many.</param>
/// <param name="Most">At most so many, null if nothing bounds it (silent drivers, requests that ask for no message).</param>
public sealed record FailureRange(long Least, long? Most);

/// <summary>A failing mapping.</summary>
public sealed record FailureReport
{
    /// <summary>Time.</summary>
    public long TimeNs { get; init; } = TraceEvent.NoTime;

    /// <summary>Device, empty if not told.</summary>
    public string Device { get; init; } = string.Empty;

    /// <summary>Driver, empty if not told.</summary>
    public string Driver { get; init; } = string.Empty;

    /// <summary>Bytes asked for, null if not told.</summary>
    public long? Bytes { get; init; }

    /// <summary>Units asked for, null if not told.</summary>
    public long? Units { get; init; }

    /// <summary>Units in use.</summary>
    public long? UsedUnits { get; init; }

    /// <summary>Units free.</summary>
    public long? FreeUnits { get; init; }

    /// <summary>Longest free run.</summary>
    public long? LargestFreeRun { get; init; }

    /// <summary>Units in the pool.</summary>
    public long? TotalUnits { get; init; }

    /// <summary>Cause of this failure.</summary>
    public Cause Cause { get; init; }

    /// <summary>Task that asked, empty if not told.</summary>
    public string Task { get; init; } = string.Empty;

    /// <summary>Where it stands.</summary>
    public SourceRef Source { get; init; }
}

/// <summary>Failures of one cause.</summary>
/// <param name="Cause">The cause.</param>
/// <param name="Failures">How many.</param>
public readonly record struct CauseCount(Cause Cause, long Failures);

/// <summary>A device whose mappings failed.</summary>
/// <param name="Device">Device.</param>
/// <param name="Driver">Driver, empty if not known.</param>
/// <param name="Failures">Failing mappings, as replayed (log: read).</param>
/// <param name="Named">Log lines that name it; 0 = a silent victim.</param>
public sealed record Reporter(string Device, string Driver, long Failures, long Named);

/// <summary>A share of the pool just before the first failure.</summary>
public sealed record Holder
{
    /// <summary>Device; empty = not known (mapped before the trace).</summary>
    public required string Device { get; init; }

    /// <summary>Driver, empty if not known.</summary>
    public string Driver { get; init; } = string.Empty;

    /// <summary>Consumer inside the device, empty = the device as a whole.</summary>
    public string Consumer { get; init; } = string.Empty;

    /// <summary>Bytes of the mappings.</summary>
    public long Bytes { get; init; }

    /// <summary>Units held.</summary>
    public long Units { get; init; }

    /// <summary>Live mappings.</summary>
    public long Mappings { get; init; }

    /// <summary>Part of the pool, 0 to 1.</summary>
    public double Share { get; init; }

    /// <summary>Age of the oldest live mapping, seconds; null if not known.</summary>
    public double? OldestAgeSeconds { get; init; }

    /// <summary>Growth of the holding up to that moment, units per second; null if not known.</summary>
    public double? GrowthUnitsPerSecond { get; init; }

    /// <summary>Consumers inside the device (LUN, disk, interface, task), largest first; empty if not attributed.</summary>
    public IReadOnlyList<ConsumerShare> Consumers { get; init; } = [];
}

/// <summary>A consumer's part of a holder.</summary>
/// <param name="Consumer">Name as the events call it (<c>0:0:0:1</c>, <c>8,16</c>, <c>eth0</c>, <c>task lg</c>).</param>
/// <param name="Alias">Friendlier name (<c>sda</c>), empty if none.</param>
/// <param name="Units">Units held.</param>
/// <param name="Mappings">Live mappings.</param>
public sealed record ConsumerShare(string Consumer, string Alias, long Units, long Mappings);

/// <summary>A device to blame, by measured counterfactual.</summary>
/// <param name="Device">Device.</param>
/// <param name="Driver">Driver, empty if not known.</param>
/// <param name="Blame">Part of the failures that vanish without it, 0 to 1.</param>
/// <param name="FailuresWithout">Failures left when it is replayed away.</param>
public sealed record Culprit(string Device, string Driver, double Blame, long FailuresWithout);

/// <summary>A statement with its place.</summary>
/// <param name="Text">The statement.</param>
/// <param name="Source">Where it stands; default = computed by replay.</param>
public sealed record Evidence(string Text, SourceRef Source);

/// <summary>The smallest pool without failure.</summary>
/// <param name="Units">Units.</param>
/// <param name="Bytes">Bytes.</param>
/// <param name="Exact">False if it is a lower bound (closed-loop load).</param>
/// <param name="RecommendedUnits">With the demand that never got in, and layout loss.</param>
/// <param name="BootParameter">The boot parameter that really gives it, empty if none does.</param>
public sealed record LeastSize(long Units, long Bytes, bool Exact, long RecommendedUnits, string BootParameter);

/// <summary>A change.</summary>
/// <param name="Change">What to do, in the operator's words.</param>
/// <param name="Kind">pool-size, areas, cap-device, mask, segment-size, driver-fix, boot-option, setting, what-if, useless.</param>
/// <param name="Proven">Shown by replay.</param>
/// <param name="FailuresAfter">Failures left, null if not replayed.</param>
/// <param name="Note">What else to know.</param>
public sealed record Remedy(string Change, string Kind, bool Proven, long? FailuresAfter, string Note)
{
    /// <summary>What it rests on: <c>replayed</c>, <c>computed</c> from what the inputs say, or <c>experience</c> of others.</summary>
    public string Basis { get; init; } = Proven ? "replayed" : "experience";

    /// <summary>What it may cost, empty if not told.</summary>
    public string Risk { get; init; } = string.Empty;
}
