using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Demand;
using TraceReplay.Demand.Drivers;
using TraceReplay.Demand.Planning;
using TraceReplay.Diagnosis;

namespace TraceReplay.Analysis;

/// <summary>Makes the hosts of a plan from an inventory. Each number comes from the nearest statement: the device's own
/// queue depth, the host's attributes, the module's parameters, the driver's default in this kernel; what nothing tells is
/// left open within bounds.</summary>
internal sealed class InventoryHosts(
    Inventory inventory, Func<string, string> driverOf, string? kernel, PlanNumbers numbers, ICollection<string> notes)
{
    private const long PageBytes = 4096;

    // SG_ALL of 2.6 and later; queue depths above it are rare: bounds for what no source tells.
    private const long MostSegments = 255;
    private const long MostDepth = 64;

    private static readonly string[] WithoutData = ["enclosu", "process", "storage", "no dev"];

    /// <summary>The hosts that have LUN paths; all of them where the user says how many LUNs there are.</summary>
    public IReadOnlyList<HostInput> Make()
    {
        var paths = inventory.LunPaths.Where(path => path.Type is null || !WithoutData.Contains(path.Type, StringComparer.Ordinal))
            .ToLookup(path => path.Address.Host);
        if (numbers.Luns is not null && paths.Count == 0)
        {
            return [.. inventory.Hosts.Select(host => Host(host, []))];
        }

        var idle = inventory.Hosts.Count(host => !paths.Contains(host.Host));
        if (idle > 0)
        {
            notes.Add(string.Create(CultureInfo.InvariantCulture, $"{idle} hosts without a LUN are left out"));
        }

        return [.. inventory.Hosts.Where(host => paths.Contains(host.Host)).Select(host => Host(host, [.. paths[host.Host]]))];
    }

    private HostInput Host(ScsiHostFact host, IReadOnlyList<LunPathFact> paths)
    {
        var driver = (host.Driver ?? (host.Device is { } device && driverOf(device) is { Length: > 0 } bound ? bound : numbers.Driver ?? string.Empty)).Replace('-', '_');
        var defaults = driver.Length > 0 ? DriverTable.Find(driver, kernel) : null;
        var depths = paths.Select(path => path.QueueDepth).ToList();
        var depth = Depth(host, driver, defaults, depths);
        return new HostInput
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"host{host.Host}"),
            Driver = driver,
            Defaults = defaults,
            LunPaths = LunPaths(host, paths),
            QueueDepth = depth,
            TotalDepth = depths.Count > 0 && depths.TrueForAll(known => known is > 0)
                ? Estimate.Exactly(depths.Sum(known => known!.Value), Basis.Inventory, "sum of queue_depth over the paths")
                : null,
            CanQueue = CanQueue(host, driver, defaults),
            Segments = Segments(host, driver, defaults, paths),
            SegmentBytes = Estimate.Exactly(PageBytes, Basis.Assumed, "one page"),
        };
    }

    /// <summary>Paths of a group that only stands by carry no commands as long as another group is in use.</summary>
    private static Estimate LunPaths(ScsiHostFact host, IReadOnlyList<LunPathFact> paths)
    {
        if (paths.Count == 0)
        {
            return Estimate.Exactly(0, Basis.Inventory, "no LUN path in the inventory");
        }

        var standing = paths.Count(path => path.GroupState is "enabled" or "disabled");
        return new Estimate(paths.Count - standing, paths.Count, Basis.Inventory, string.Create(CultureInfo.InvariantCulture,
            $"LUN paths of host{host.Host}{(standing > 0 ? $", {standing} of them standing by" : string.Empty)} ({paths[0].Source})"));
    }

    private Estimate Depth(ScsiHostFact host, string driver, DriverDefaults? defaults, List<long?> depths)
    {
        var known = depths.Where(depth => depth is > 0).Select(depth => depth!.Value).ToList();
        Estimate? measured = known.Count > 0 ? new Estimate(known.Min(), known.Max(), Basis.Inventory, "queue_depth of the LUN paths") : null;
        if (measured is not null && known.Count == depths.Count)
        {
            return measured;
        }

        var stated = Attribute(host.LunQueueDepth, "lun_queue_depth of the host", host) ?? Parameter(driver, defaults?.Depth.Name)
            ?? (host.CmdPerLun is > 0 and var least && defaults?.QueueDepth is { } usual
                ? new Estimate(Math.Min(least, usual.Least), Math.Max(least, usual.Most), Basis.DriverDefault, $"cmd_per_lun to {usual.Source}") : null)
            ?? defaults?.QueueDepth ?? Attribute(host.CmdPerLun, "cmd_per_lun of the host", host)
            ?? Unknown("queue depth of its LUNs", host, driver, MostDepth);
        return measured is null ? stated : measured.Or(stated);
    }

    private Estimate? CanQueue(ScsiHostFact host, string driver, DriverDefaults? defaults) =>
        Attribute(host.CanQueue, "can_queue of the host", host)
        ?? Less(Attribute(host.HbaQueueDepth, "hba_queue_depth of the host", host) ?? Parameter(driver, defaults?.HostDepth.Name), driver)
        ?? defaults?.CanQueue;

    private Estimate Segments(ScsiHostFact host, string driver, DriverDefaults? defaults, IReadOnlyList<LunPathFact> paths)
    {
        var nodes = paths.Where(path => path.Node is not null).Select(path => path.Node!).ToHashSet(StringComparer.Ordinal);
        var queues = inventory.BlockQueues.Values.Where(queue => queue.Address?.Host == host.Host || nodes.Contains(queue.Disk)).ToList();
        var segments = QueueSegments(queues)
            ?? Attribute(host.SgTablesize, "sg_tablesize of the host", host) ?? Attribute(host.SgSegCnt, "sg_seg_cnt of the host", host)
            ?? Parameter(driver, defaults?.SegmentCount.Name) ?? defaults?.Segments
            ?? Unknown("segments of its commands", host, driver, MostSegments);
        if (queues.Count == 0 || !queues.TrueForAll(queue => queue.MaxSectorsKb is > 0))
        {
            return segments;
        }

        // A request of pages touches one more than it fills if it begins inside one (spec demand-side.md 1.2).
        var most = queues.Max(queue => Math.Min(queue.MaxSectorsKb!.Value * 1024 / PageBytes, Estimate.Ceiling - 1) + 1);
        return segments.AtMost(Estimate.Exactly(most, Basis.Inventory, "max_sectors_kb of its disks")) with
        {
            Source = $"{segments.Source}; max_sectors_kb of its disks",
        };
    }

    /// <summary>What the block layer itself keeps to, where every disk tells it.</summary>
    private static Estimate? QueueSegments(List<BlockQueueFact> queues) =>
        queues.Count > 0 && queues.TrueForAll(queue => queue.MaxSegments is > 0)
            ? new Estimate(queues.Min(queue => queue.MaxSegments!.Value), queues.Max(queue => queue.MaxSegments!.Value), Basis.Inventory, "max_segments of its disks")
            : null;

    private Estimate? Parameter(string driver, string? name) =>
        name is { Length: > 0 } && inventory.Parameter(driver, name) is { } parameter
            && long.TryParse(parameter.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and < 1 << 30
            ? Estimate.Exactly(value, Basis.Inventory, $"{name} ({parameter.Source})")
            : null;

    private static Estimate? Less(Estimate? depth, string driver)
    {
        var kept = driver == "lpfc" ? DriverDefaults.ReservedCommands : 0;
        return depth is null ? null : depth with { Least = Math.Max(1, depth.Least - kept), Most = Math.Max(1, depth.Most - kept) };
    }

    private static Estimate? Attribute(long? value, string what, ScsiHostFact host) =>
        value is > 0 and < 1 << 30 ? Estimate.Exactly(value.Value, Basis.Inventory, $"{what} ({host.Source})") : null;

    private Estimate Unknown(string what, ScsiHostFact host, string driver, long most)
    {
        var whose = driver.Length > 0 ? $" ({driver})" : string.Empty;
        notes.Add(string.Create(CultureInfo.InvariantCulture, $"host{host.Host}{whose}, {what}: not in the inventory, 1 to {most} are taken"));
        return new Estimate(1, most, Basis.Assumed, "not in the inventory");
    }
}
