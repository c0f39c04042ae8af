using TraceReplay.Core;

namespace TraceReplay.Store;

/// <summary>A finding: table <c>incident</c> and the tables that belong to it. Null = not known. Fields mean what the
/// report JSON says of them.</summary>
public sealed record IncidentRow
{
    /// <summary><c>incident.id</c>; set by the reader, ignored by the writer.</summary>
    public long Id { get; init; }

    /// <summary><c>run.id</c>, null = from log messages only.</summary>
    public long? RunId { get; init; }

    /// <summary><c>pool.id</c>.</summary>
    public long? PoolId { get; init; }

    /// <summary>Kind of pool.</summary>
    public PoolKind PoolKind { get; init; }

    /// <summary>True where allocations and frees were replayed (<c>trace</c>), false for <c>log</c>.</summary>
    public required bool FromTrace { get; init; }

    /// <summary>Cause as the contract spells it.</summary>
    public required string Cause { get; init; }

    /// <summary>0..1.</summary>
    public double Confidence { get; init; }

    /// <summary>The first failing mapping.</summary>
    public FirstFailureRow? FirstFailure { get; init; }

    /// <summary>Failing mappings (log: lines).</summary>
    public long Failures { get; init; }

    /// <summary>What rate limiting hid on top.</summary>
    public long Suppressed { get; init; }

    /// <summary>Time of the last failure, nanoseconds.</summary>
    public long? LastFailureTimeNs { get; init; }

    /// <summary>What happened, in sentences.</summary>
    public string? Explanation { get; init; }

    /// <summary>The smallest pool without failures.</summary>
    public LeastSizeRow? LeastSize { get; init; }

    /// <summary>The case that it was found in, null = the database holds one case only.</summary>
    public string? CaseName { get; init; }

    /// <summary>The incident as in the report JSON.</summary>
    public string? ReportJson { get; init; }

    /// <summary>Failures by cause.</summary>
    public IReadOnlyList<CauseRow> Causes { get; init; } = [];

    /// <summary>Devices whose mappings failed.</summary>
    public IReadOnlyList<ReporterRow> Reporters { get; init; } = [];

    /// <summary>Who held the pool just before the first failure, largest first.</summary>
    public IReadOnlyList<HolderRow> Holders { get; init; } = [];

    /// <summary>Devices whose removal makes the failures vanish or shrink, most to blame first.</summary>
    public IReadOnlyList<CulpritRow> Culprits { get; init; } = [];

    /// <summary>What the finding rests on.</summary>
    public IReadOnlyList<EvidenceRow> Evidence { get; init; } = [];

    /// <summary>What would help, best first.</summary>
    public IReadOnlyList<RemedyRow> Remedies { get; init; } = [];

    /// <summary>Known bugs and traps that fit, best first.</summary>
    public IReadOnlyList<KnownIssueRow> KnownIssues { get; init; } = [];

    /// <summary>What to record next time.</summary>
    public IReadOnlyList<string> NextCapture { get; init; } = [];
}

/// <summary>The first failing mapping of an incident.</summary>
public sealed record FirstFailureRow
{
    /// <summary>When, nanoseconds.</summary>
    public long? TimeNs { get; init; }

    /// <summary>Device that asked.</summary>
    public string? Device { get; init; }

    /// <summary>Its driver.</summary>
    public string? Driver { get; init; }

    /// <summary>Bytes asked for.</summary>
    public long? Bytes { get; init; }

    /// <summary>Units asked for.</summary>
    public long? Units { get; init; }

    /// <summary>Units in use.</summary>
    public long? UsedUnits { get; init; }

    /// <summary>Units free.</summary>
    public long? FreeUnits { get; init; }

    /// <summary>Longest run of free units.</summary>
    public long? LargestFreeRun { get; init; }

    /// <summary>Where it stands.</summary>
    public SourceRef Source { get; init; }
}

/// <summary>The smallest pool without failures.</summary>
/// <param name="Units">Its units.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Exact">True = <c>exact</c>, false = <c>lower</c> bound.</param>
/// <param name="RecommendedUnits">Size to set.</param>
/// <param name="BootParameter">The parameter that gives it.</param>
public sealed record LeastSizeRow(long Units, long Bytes, bool Exact, long RecommendedUnits, string BootParameter);

/// <summary>Failures of one cause.</summary>
/// <param name="Cause">Cause as the contract spells it.</param>
/// <param name="Failures">How many.</param>
public sealed record CauseRow(string Cause, long Failures);

/// <summary>A device whose mappings failed.</summary>
/// <param name="Device">Its name.</param>
/// <param name="Driver">Its driver, empty if not known.</param>
/// <param name="Failures">As replayed or read.</param>
/// <param name="Named">Log lines that name it.</param>
public sealed record ReporterRow(string Device, string Driver, long Failures, long Named);

/// <summary>A holder of the pool.</summary>
/// <param name="Device">Device.</param>
/// <param name="Driver">Its driver, empty if not known.</param>
/// <param name="Consumer">Consumer inside the device, empty if not known.</param>
/// <param name="Bytes">Bytes held.</param>
/// <param name="Units">Units held.</param>
/// <param name="Mappings">Mappings held.</param>
/// <param name="Share">Of the units in use, 0..1.</param>
/// <param name="OldestAgeSeconds">Age of its oldest mapping.</param>
/// <param name="GrowthUnitsPerSecond">Growth of what it holds.</param>
public sealed record HolderRow(
    string Device, string Driver, string Consumer, long Bytes, long Units, long Mappings, double Share,
    double? OldestAgeSeconds, double? GrowthUnitsPerSecond);

/// <summary>A device to blame.</summary>
/// <param name="Device">Device.</param>
/// <param name="Driver">Its driver, empty if not known.</param>
/// <param name="Blame">0..1.</param>
/// <param name="FailuresWithout">Failures of the replay without it.</param>
public sealed record CulpritRow(string Device, string Driver, double Blame, long? FailuresWithout);

/// <summary>What a finding rests on.</summary>
/// <param name="Text">A sentence.</param>
/// <param name="Source">Where it stands.</param>
public sealed record EvidenceRow(string Text, SourceRef Source);

/// <summary>What would help.</summary>
/// <param name="Change">The change, as a what-if spec or a setting.</param>
/// <param name="Kind">Kind of change.</param>
/// <param name="Proven">A run with this change was made.</param>
/// <param name="FailuresAfter">Failures of that run.</param>
/// <param name="Note">Remark, empty if none.</param>
public sealed record RemedyRow(string Change, string Kind, bool Proven, long? FailuresAfter, string Note)
{
    /// <summary>What it rests on: replayed, computed, experience; null = not told.</summary>
    public string? Basis { get; init; }

    /// <summary>What it may cost, null = not told.</summary>
    public string? Risk { get; init; }
}

/// <summary>A known issue that fits.</summary>
/// <param name="Issue">Stable name.</param>
/// <param name="Title">One line.</param>
/// <param name="Confidence">0..1.</param>
/// <param name="Why">What fits.</param>
/// <param name="Fix">Commit and title.</param>
/// <param name="Workaround">What to do without it.</param>
/// <param name="Source">Where it is known from.</param>
public sealed record KnownIssueRow(
    string Issue, string Title, double Confidence, string Why, string Fix, string Workaround, string Source);
