using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Planning;

/// <summary>Whether demand fits a pool.</summary>
public enum Verdict
{
    /// <summary>The most that could be asked for fits.</summary>
    Fits,

    /// <summary>Within the bounds that are known, both can be.</summary>
    Depends,

    /// <summary>Even the least that could be asked for does not fit.</summary>
    DoesNotFit,
}

/// <summary>The spelling of <see cref="Verdict"/> in outputs and options.</summary>
public static class VerdictNames
{
    /// <summary>All names, by the value of <see cref="Verdict"/>.</summary>
    public static IReadOnlyList<string> All { get; } = ["fits", "depends", "does-not-fit"];

    /// <summary>The stable text of a verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>Lower-case text with hyphens.</returns>
    public static string Name(this Verdict verdict) => All[(int)verdict];
}

/// <summary>Demand against capacity.</summary>
/// <param name="Kernel">Kernel version, null if not said.</param>
/// <param name="Arch">Architecture, null if not said.</param>
/// <param name="Pools">The answer for each pool.</param>
/// <param name="Notes">What was assumed.</param>
public sealed record PlanReport(string? Kernel, string? Arch, IReadOnlyList<PoolPlan> Pools, IReadOnlyList<string> Notes)
{
    /// <summary>The worst verdict of the pools.</summary>
    public Verdict Verdict => Pools.Count == 0 ? Verdict.Depends : Pools.Max(pool => pool.Verdict);
}

/// <summary>The answer for one pool.</summary>
public sealed record PoolPlan
{
    /// <summary>The pool as the user wrote it.</summary>
    public required string Spec { get; init; }

    /// <summary>Its geometry.</summary>
    public required PoolGeometry Geometry { get; init; }

    /// <summary>Name of the model that its capacity was measured with.</summary>
    public required string Model { get; init; }

    /// <summary>Values of the geometry that are the kernel's defaults because nobody stated them.</summary>
    public required IReadOnlyList<string> Defaulted { get; init; }

    /// <summary>Pools of this kind that the hosts draw from: 1, or one for each host.</summary>
    public required int Count { get; init; }

    /// <summary>The demand of each host.</summary>
    public required IReadOnlyList<HostPlan> Hosts { get; init; }

    /// <summary>The demand on the fullest pool, units.</summary>
    public required Estimate Demand { get; init; }

    /// <summary>Units of one pool that such commands can really get.</summary>
    public required Estimate Usable { get; init; }

    /// <summary>Commands that fit at once, beside what is held for ever.</summary>
    public required Estimate UsableCommands { get; init; }

    /// <summary>Whether one request of a command is larger than the pool ever serves.</summary>
    public required bool ExceedsRequestLimit { get; init; }

    /// <summary>Most units that one request can ever have.</summary>
    public required long MostUnitsPerRequest { get; init; }

    /// <summary>Whether it fits.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What would make it fit, one by one.</summary>
    public required IReadOnlyList<Setting> Settings { get; init; }

    /// <summary>What else to know of this pool.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Kind of pool.</summary>
    public PoolKind Kind => Geometry.Kind;

    /// <summary>Units left at the most demand (negative = missing), and at the least.</summary>
    public (long Least, long Most) Margin => (Usable.Least - Demand.Most, Usable.Most - Demand.Least);
}

/// <summary>The demand of one host on one pool.</summary>
/// <param name="Host">The host.</param>
/// <param name="Commands">Commands that it could have in flight at once; in the SCSI pool of 2.4, that it could ever
/// have.</param>
/// <param name="UnitsPerCommand">Units of one command.</param>
/// <param name="Permanent">Units held whether or not anything is in flight.</param>
/// <param name="Demand">Units in all.</param>
/// <param name="LimitedByHost">The host's commands, not the depth of its LUNs, end the demand.</param>
public sealed record HostPlan(
    HostInput Host, Estimate Commands, Estimate UnitsPerCommand, Estimate Permanent, Estimate Demand, bool LimitedByHost);

/// <summary>What a setting changes.</summary>
public enum SettingKind
{
    /// <summary>Commands of a LUN path.</summary>
    QueueDepth,

    /// <summary>Commands of a host.</summary>
    HostCommands,

    /// <summary>Segments of a command.</summary>
    Segments,

    /// <summary>LUN paths of a host.</summary>
    LunPaths,

    /// <summary>The pool's size.</summary>
    PoolSize,
}

/// <summary>One setting, solved for: the value at which the most that could be asked for just fits, all else equal.</summary>
/// <param name="Kind">What it changes.</param>
/// <param name="Name">Exact spelling, where the driver has a parameter.</param>
/// <param name="Value">The largest value that fits (the smallest, for a pool's size), null = none does.</param>
/// <param name="Present">What it is now.</param>
/// <param name="Note">Why there is none, or what to know of it.</param>
public sealed record Setting(SettingKind Kind, string Name, long? Value, Estimate? Present, string Note)
{
    /// <summary>Commands that the driver keeps out of the parameter's value for itself.</summary>
    public long Reserved { get; init; }
}
