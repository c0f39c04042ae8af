using TraceReplay.Core;

namespace TraceReplay.Diagnosis;

/// <summary>The machine's storage in numbers, for the report.</summary>
public sealed record InventoryReport
{
    /// <summary>SCSI hosts, by number.</summary>
    public IReadOnlyList<HostReport> Hosts { get; init; } = [];

    /// <summary>Paths of LUNs: SCSI addresses.</summary>
    public long LunPaths { get; init; }

    /// <summary>Of those, paths that only a kernel log names: its beginning may be lost, so there may be more.</summary>
    public long LunPathsFromLog { get; init; }

    /// <summary>LUNs: paths with one identity (multipath map or WWID) count once. Null where the identity of a disk's path is not told.</summary>
    public long? Luns { get; init; }

    /// <summary>Multipath maps.</summary>
    public long Maps { get; init; }

    /// <summary>Fewest and most paths of a map that has any; null without maps.</summary>
    public (long Least, long Most)? PathsPerMap { get; init; }

    /// <summary>Least and largest queue depth of a path; null if none is told.</summary>
    public (long Least, long Most)? QueueDepth { get; init; }

    /// <summary>Number of CPUs.</summary>
    public int? Cpus { get; init; }

    /// <summary>Memory, bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Highest address of memory plus one.</summary>
    public long? MemoryEnd { get; init; }

    /// <summary>Distribution.</summary>
    public string? Distribution { get; init; }

    /// <summary>Machine model.</summary>
    public string? Model { get; init; }

    /// <summary>What holds for the parameters of the hosts' drivers.</summary>
    public IReadOnlyList<ModuleParameterFact> Parameters { get; init; } = [];

    /// <summary>Sums up what is known.</summary>
    /// <param name="facts">The facts of a case.</param>
    /// <param name="logs">Paths of its sources that are logs.</param>
    /// <returns>The summary, null if the inputs say nothing of hosts, LUNs or maps.</returns>
    public static InventoryReport? Of(CaseFacts facts, IReadOnlySet<string> logs)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(logs);
        var inventory = facts.Inventory;
        if (inventory.IsEmpty)
        {
            return null;
        }

        var perMap = inventory.LunPaths.Where(p => p.Map is not null).GroupBy(p => p.Map, StringComparer.Ordinal).Select(g => g.LongCount()).ToArray();
        var depths = inventory.LunPaths.Where(p => p.QueueDepth is not null).Select(p => p.QueueDepth!.Value).ToArray();
        var drivers = inventory.Hosts.Select(h => h.Driver).ToHashSet(StringComparer.Ordinal);
        return new InventoryReport
        {
            Hosts = [.. inventory.Hosts.Select(h => new HostReport(h, inventory.PathsOf(h.Host)))],
            LunPaths = inventory.LunPaths.Count,
            LunPathsFromLog = inventory.LunPaths.LongCount(p => logs.Contains(p.Source.Path)),
            Luns = CountLuns(inventory.LunPaths),
            Maps = inventory.Maps.Count,
            PathsPerMap = perMap.Length > 0 ? (perMap.Min(), perMap.Max()) : null,
            QueueDepth = depths.Length > 0 ? (depths.Min(), depths.Max()) : null,
            Cpus = facts.Machine.Cpus,
            MemoryBytes = facts.Machine.MemoryBytes,
            MemoryEnd = facts.Machine.MemoryEnd,
            Distribution = facts.Machine.Distribution,
            Model = facts.Machine.Model,
            Parameters =
            [
                .. inventory.Parameters.Where(p => drivers.Contains(p.Module)).Select(p => (p.Module, p.Parameter)).Distinct()
                    .Select(p => inventory.Parameter(p.Module, p.Parameter)!)
                    .OrderBy(p => p.Module, StringComparer.Ordinal).ThenBy(p => p.Parameter, StringComparer.Ordinal),
            ],
        };
    }

    private static long? CountLuns(IReadOnlyCollection<LunPathFact> paths)
    {
        var disks = paths.Where(p => p.Type is null or "disk" or "zbc").ToArray();
        return disks.Length > 0 && Array.TrueForAll(disks, p => (p.Wwid ?? p.Map) is not null)
            ? disks.Select(p => p.Wwid ?? p.Map).Distinct(StringComparer.Ordinal).LongCount()
            : null;
    }
}

/// <summary>A SCSI host in the report.</summary>
/// <param name="Facts">What is known of it.</param>
/// <param name="LunPaths">LUN paths on it.</param>
public sealed record HostReport(ScsiHostFact Facts, long LunPaths);
