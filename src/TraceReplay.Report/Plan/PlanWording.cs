using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Demand;
using TraceReplay.Demand.Planning;
using TraceReplay.Diagnosis;
using TraceReplay.Pools.ScsiDma;

namespace TraceReplay.Report.Wording;

/// <summary>The words of a plan, the same in every output.</summary>
internal static class PlanWording
{
    /// <summary>A number or its bounds.</summary>
    public static string Amount(Estimate? estimate) => estimate switch
    {
        null => "not known",
        { IsExact: true } => Amounts.Count(estimate.Least),
        _ => $"{Amounts.Count(estimate.Least)}..{Amounts.Count(estimate.Most)}",
    };

    /// <summary>Units left or missing.</summary>
    public static string Margin((long Least, long Most) margin) => margin.Least == margin.Most
        ? Signed(margin.Least)
        : $"{Signed(margin.Least)}..{Signed(margin.Most)}";

    /// <summary>The verdict as the head of a section.</summary>
    public static string Verdict(Verdict verdict) => verdict switch
    {
        Demand.Planning.Verdict.Fits => "fits",
        Demand.Planning.Verdict.Depends => "depends",
        _ => "does not fit",
    };

    /// <summary>The verdict in one sentence.</summary>
    public static string Headline(PoolPlan plan)
    {
        var demand = plan.Demand.IsExact ? Amount(plan.Demand) : $"{Amounts.Count(plan.Demand.Least)} to {Amounts.Count(plan.Demand.Most)}";
        var each = plan.Count > 1 ? " (each host has a pool of its own)" : string.Empty;
        if (plan.ExceedsRequestLimit)
        {
            return $"{Verdict(plan.Verdict)}: one segment of such a command needs more than the {Words.Units(plan.Kind, plan.MostUnitsPerRequest)} that one mapping can ever have, however much is free";
        }

        var asked = plan.Kind == PoolKind.ScsiDma
            ? $"the mid-layer wants {demand} sectors for all that its LUNs could ask for"
            : $"{demand} {Words.Unit(plan.Kind, 2)} could be in use at once{each}";
        return $"{Verdict(plan.Verdict)}: {asked}, and {Usable(plan)}";
    }

    /// <summary>The pool in one line.</summary>
    public static string Pool(PoolPlan plan)
    {
        var bytes = plan.Geometry.Units * plan.Geometry.UnitBytes;
        var defaulted = plan.Defaulted.Count > 0 ? $"; by default: {string.Join(", ", plan.Defaulted)}" : string.Empty;
        return $"{Words.Units(plan.Kind, plan.Geometry.Units)} of {Amounts.Bytes(plan.Geometry.UnitBytes)} ({Amounts.Bytes(bytes)}), kernel {plan.Geometry.Kernel}, model {plan.Model}{defaulted}";
    }

    /// <summary>Hosts that are alike as one row: name and number.</summary>
    public static IEnumerable<(string Name, int Count, HostPlan Plan)> Alike(IReadOnlyList<HostPlan> hosts) => hosts
        .GroupBy(host => host with { Host = host.Host with { Name = string.Empty } })
        .Select(group => (group.Count() == 1 ? group.First().Host.Name : Names(group.First().Host.Name, group.Last().Host.Name), group.Count(), group.First()));

    /// <summary><c>host0..1</c> for the names from <c>host0</c> to <c>host1</c>.</summary>
    private static string Names(string first, string last)
    {
        var common = first.Zip(last).TakeWhile(pair => pair.First == pair.Second && !char.IsAsciiDigit(pair.First)).Count();
        return $"{first}..{last[common..]}";
    }

    /// <summary>A setting as what to do, empty if there is no value that helps.</summary>
    public static string Change(PoolPlan plan, Setting setting) => setting.Value is not { } value ? string.Empty : setting.Kind switch
    {
        SettingKind.QueueDepth when setting.Name.Length > 0 => Assign(setting.Name, value),
        SettingKind.QueueDepth => $"a queue depth of {Amounts.Count(value)} on every LUN path",
        SettingKind.HostCommands when setting.Name.Length > 0 => Assign(setting.Name, value + setting.Reserved),
        SettingKind.HostCommands => $"{Words.Plural(value, "command")} at once for each host (can_queue)",
        SettingKind.Segments when setting.Name.Length > 0 => Assign(setting.Name, value),
        SettingKind.Segments => $"commands of at most {Words.Plural(value, "segment")}{Kilobytes(plan, value)}",
        SettingKind.LunPaths => $"at most {Words.Plural(value, "LUN path")} on each host",
        _ => Size(plan, value),
    };

    /// <summary>What a setting is called where no value of it helps.</summary>
    public static string Name(Setting setting) => setting.Name.Length > 0 ? setting.Name : setting.Kind switch
    {
        SettingKind.QueueDepth => "queue depth of the LUNs",
        SettingKind.HostCommands => "commands of a host (can_queue)",
        SettingKind.Segments => "segments of a command",
        SettingKind.LunPaths => "number of LUN paths",
        _ => "size of the pool",
    };

    /// <summary>What a setting is now.</summary>
    public static string Present(PoolPlan plan, Setting setting) => setting switch
    {
        { Present: null } => string.Empty,
        { Kind: SettingKind.PoolSize } => $"now {Amounts.Bytes(plan.Geometry.Units * plan.Geometry.UnitBytes)}",
        { Reserved: > 0, Value: not null } => $"now {Amounts.Count(setting.Present.Most + setting.Reserved)}",
        _ => $"now {Amount(setting.Present)}",
    };

    private static string Usable(PoolPlan plan) => plan.Kind == PoolKind.ScsiDma
        ? $"its pool ends at {Words.Units(plan.Kind, plan.Usable.Most)} ({ScsiPool(plan.Usable.Most)})"
        : $"such commands can get {Amount(plan.Usable)} of {Amounts.Count(plan.Geometry.Units)}: room for {Amount(plan.UsableCommands)} commands";

    private static string ScsiPool(long sectors) =>
        sectors == ScsiDmaSizing.MostSectors ? "32 MiB less 8 KiB" : Amounts.Bytes(sectors * 512);

    private static string Size(PoolPlan plan, long units)
    {
        var bytes = Amounts.Bytes(units * plan.Geometry.UnitBytes);
        return plan.Kind switch
        {
            PoolKind.Swiotlb => $"{BootParameter.For(plan.Geometry.Kernel, units, forced: false, plan.Geometry.PageShift)} ({Amounts.Bytes(BootParameter.SlotsGiven(plan.Geometry.Kernel, units) * plan.Geometry.UnitBytes)})",
            PoolKind.Tce => $"a DMA window of {bytes} (the firmware or hypervisor sizes it)",
            PoolKind.Gart => $"an IOMMU area of {bytes} in the aperture (BIOS, or iommu=memaper={Order(units * plan.Geometry.UnitBytes)})",
            PoolKind.Calgary => $"a table for {bytes} (calgary=)",
            PoolKind.Iova => $"an address space of {bytes}: addresses above 4 GiB (iommu.forcedac=1, or a kernel that goes there by itself)",
            _ => $"a pool of {bytes}",
        };
    }

    // memaper=N makes an aperture of 32 MiB << N (spec iommu-pools.md 2.6).
    private static int Order(long bytes)
    {
        var order = 0;
        while (32L << (20 + order) < bytes)
        {
            order++;
        }

        return order;
    }

    private static string Kilobytes(PoolPlan plan, long segments)
    {
        var bytes = plan.Hosts.Max(host => host.Host.SegmentBytes.Most);
        var kib = segments * bytes / 1024;
        return kib > 0 && plan.Kind != PoolKind.ScsiDma
            ? string.Create(CultureInfo.InvariantCulture, $" (echo {kib} > /sys/block/sdX/queue/max_sectors_kb)") : string.Empty;
    }

    private static string Assign(string name, long value) => string.Create(CultureInfo.InvariantCulture, $"{name}={value}");

    private static string Signed(long value) => value > 0 ? "+" + Amounts.Count(value) : Amounts.Count(value);
}
