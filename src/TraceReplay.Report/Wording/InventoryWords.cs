using TraceReplay.Core;
using TraceReplay.Diagnosis;

namespace TraceReplay.Report.Wording;

/// <summary>The machine's inventory in words, the same for every medium; each escapes for itself.</summary>
internal static class InventoryWords
{
    /// <summary>Hosts shown in a table; the others are counted.</summary>
    public const int MostHosts = 16;

    private const int MostParameters = 12;

    /// <summary>Heads of the table of hosts; from the fourth on they are numbers.</summary>
    public static readonly string[] Heads = ["host", "driver", "device", "LUN paths", "can_queue", "per LUN", "segments"];

    /// <summary>The kernel of a machine, with its case where there are several; null if it is not told.</summary>
    public static string? Kernel(MachineReport machine) => machine.Kernel is { Length: > 0 } kernel
        ? $"kernel {kernel}{(machine.Arch is { Length: > 0 } arch ? $" ({arch})" : string.Empty)}{(machine.CaseName.Length > 0 ? $", {machine.CaseName}" : string.Empty)}"
        : machine.CaseName.Length > 0 ? $"kernel not told, {machine.CaseName}" : null;

    /// <summary>Head of a machine's part: its case where there are several.</summary>
    public static string Heading(MachineReport machine) => machine.CaseName.Length > 0 ? $"Machine of {machine.CaseName}" : "Machine";

    /// <summary>Where a module parameter was read.</summary>
    public static string Origin(ParameterOrigin origin) => origin switch
    {
        ParameterOrigin.Running => "running",
        ParameterOrigin.CommandLine => "command-line",
        _ => "configured",
    };

    /// <summary>Sentences about machine and LUNs.</summary>
    public static IEnumerable<string> Sentences(InventoryReport inventory)
    {
        string[] machine =
        [
            inventory.Model ?? string.Empty, inventory.Distribution ?? string.Empty, inventory.Cpus is { } cpus ? Words.Plural(cpus, "CPU") : string.Empty,
            Memory(inventory),
        ];
        if (machine.Any(part => part.Length > 0))
        {
            yield return string.Join(", ", machine.Where(part => part.Length > 0));
        }

        yield return Luns(inventory);
        if (inventory.Hosts.Count > MostHosts)
        {
            yield return $"and {Words.Plural(inventory.Hosts.Count - MostHosts, "further host")}";
        }

        if (inventory.Parameters.Count > 0)
        {
            var more = inventory.Parameters.Count > MostParameters ? $" and {Amounts.Count(inventory.Parameters.Count - MostParameters)} more" : string.Empty;
            yield return "parameters: " + string.Join(", ", inventory.Parameters.Take(MostParameters).Select(p => $"{p.Parameter}={p.Value} ({Origin(p.Origin)})")) + more;
        }
    }

    /// <summary>Rows of the table of hosts.</summary>
    public static IEnumerable<string[]> Rows(InventoryReport inventory) => inventory.Hosts.Take(MostHosts).Select(host => new[]
    {
        $"host{host.Facts.Host}", host.Facts.Driver ?? string.Empty, host.Facts.Device ?? string.Empty, Amounts.Count(host.LunPaths),
        Number(host.Facts.CanQueue), Number(host.Facts.LunQueueDepth ?? host.Facts.CmdPerLun), Number(host.Facts.SgTablesize),
    });

    private static string Luns(InventoryReport inventory)
    {
        var text = inventory.Luns is { } luns
            ? $"{Words.Plural(luns, "LUN")} over {Words.Plural(inventory.LunPaths, "path")}"
            : Words.Plural(inventory.LunPaths, "LUN path");
        text += $" on {Words.Plural(inventory.Hosts.Count, "SCSI host")}";
        if (inventory.LunPathsFromLog > 0)
        {
            text += (inventory.LunPathsFromLog == inventory.LunPaths ? " (" : $" ({Amounts.Count(inventory.LunPathsFromLog)} of them ") + "known from the log only, which may not name all)";
        }

        if (inventory.PathsPerMap is { } paths)
        {
            text += $"; {Words.Plural(inventory.Maps, "multipath map")}, {Range(paths)} paths each";
        }

        return inventory.QueueDepth is { } depth ? $"{text}; queue depth {Range(depth)} per path" : text;
    }

    private static string Memory(InventoryReport inventory) => inventory.MemoryBytes is { } bytes
        ? Amounts.Bytes(bytes) + " memory" + (inventory.MemoryEnd is > 4L << 30 ? ", part of it above 4 GiB" : inventory.MemoryEnd is not null ? ", all of it below 4 GiB" : string.Empty)
        : string.Empty;

    private static string Range((long Least, long Most) range) =>
        range.Least == range.Most ? Amounts.Count(range.Least) : $"{Amounts.Count(range.Least)} to {Amounts.Count(range.Most)}";

    private static string Number(long? value) => value is { } number ? Amounts.Count(number) : string.Empty;
}
