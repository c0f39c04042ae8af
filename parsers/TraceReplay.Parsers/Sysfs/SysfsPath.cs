using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Sysfs;

/// <summary>What a sysfs path is about.</summary>
internal enum SysfsSubject
{
    /// <summary>Nothing of use here.</summary>
    None,

    /// <summary>A SCSI host: <c>scsi_host/host3/can_queue</c>.</summary>
    Host,

    /// <summary>A SCSI device: <c>3:0:0:1/queue_depth</c>.</summary>
    ScsiDevice,

    /// <summary>A disk: <c>block/sda/queue/max_segments</c>, <c>block/sda/device/queue_depth</c>.</summary>
    Disk,

    /// <summary>A module: <c>module/lpfc/parameters/lpfc_lun_queue_depth</c>, <c>module/lpfc/version</c>.</summary>
    Module,

    /// <summary>A PCI device: <c>0000:05:00.0/dma_mask_bits</c>.</summary>
    Pci,

    /// <summary>The machine: <c>dmi/id/product_name</c>.</summary>
    Dmi,
}

/// <summary>A sysfs path taken apart. The shapes are those of drivers/scsi/hosts.c, scsi_sysfs.c, block/blk-sysfs.c,
/// kernel/params.c and drivers/pci/pci-sysfs.c; class links and the paths below <c>/sys/devices</c> are equal.</summary>
internal readonly record struct SysfsPath
{
    private static readonly string[] PciAttributes = ["dma_mask_bits", "consistent_dma_mask_bits", "vendor", "device", "class"];
    private static readonly string[] ScsiAttributes = ["queue_depth", "vendor", "model", "rev", "type", "wwid"];

    /// <summary>What it is about.</summary>
    public SysfsSubject Subject { get; private init; }

    /// <summary>Name of the subject: <c>host3</c>, <c>3:0:0:1</c>, <c>sda</c>, <c>lpfc</c>, <c>0000:05:00.0</c>.</summary>
    public string Name { get; private init; }

    /// <summary>Name of the attribute or parameter.</summary>
    public string Attribute { get; private init; }

    /// <summary>The device that does the DMA of the host on the path; empty if the path does not lead through it.</summary>
    public string Device { get; private init; }

    /// <summary>SCSI address of the subject, or the one the path leads through.</summary>
    public ScsiAddress? Address { get; private init; }

    /// <summary>It is a module's parameter, not an attribute of the module.</summary>
    public bool IsParameter { get; private init; }

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">The path, with or without what stands in front of <c>sys</c>.</param>
    /// <returns>What it is about; <see cref="SysfsSubject.None"/> if it is of no use.</returns>
    public static SysfsPath Parse(string path)
    {
        var parts = path.Split('/');
        if (parts.Length < 3)
        {
            return default;
        }

        var attribute = parts[^1];
        var owner = parts[^2];
        var above = parts[^3];
        return above switch
        {
            "scsi_host" or "fc_host" when HostNumber(owner) >= 0 && (above == "scsi_host" || attribute == "symbolic_name") =>
                new() { Subject = SysfsSubject.Host, Name = owner, Attribute = attribute, Device = HostDevice(parts) },
            "dmi" when owner == "id" && attribute is "product_name" or "sys_vendor" =>
                new() { Subject = SysfsSubject.Dmi, Name = "dmi", Attribute = attribute, Device = string.Empty },
            "module" when attribute == "version" =>
                new() { Subject = SysfsSubject.Module, Name = owner, Attribute = attribute, Device = string.Empty },
            _ when owner == "parameters" && parts.Length > 3 && parts[^4] == "module" =>
                new() { Subject = SysfsSubject.Module, Name = above, Attribute = attribute, IsParameter = true, Device = string.Empty },
            _ when owner is "queue" or "device" && parts.Length > 3 && parts[^4] == "block" => Disk(parts, above, attribute, owner == "device"),
            _ => ScsiOrPci(parts, owner, above, attribute),
        };
    }

    /// <summary>Number of a host by its name.</summary>
    /// <param name="name"><c>host3</c> or <c>scsi3</c>.</param>
    /// <returns>The number, -1 if it is no such name.</returns>
    public static int HostNumber(string name) =>
        (name.StartsWith("host", StringComparison.Ordinal) || name.StartsWith("scsi", StringComparison.Ordinal))
            && int.TryParse(name.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    /// <summary>The device that does the DMA of a SCSI host: the last PCI device above <c>hostN</c>, else the device the host
    /// hangs on (<c>vio</c>, <c>ccw</c>).</summary>
    /// <param name="parts">Parts of a path below <c>/sys/devices</c>.</param>
    /// <returns>Its name, empty if the path does not tell.</returns>
    public static string HostDevice(string[] parts)
    {
        var host = Array.FindIndex(parts, part => part.StartsWith("host", StringComparison.Ordinal) && HostNumber(part) >= 0);
        if (host < 1 || !parts.AsSpan(0, host).Contains("devices"))
        {
            return string.Empty;
        }

        var pci = Array.FindLastIndex(parts, host - 1, IsPciName);
        return pci >= 0 ? parts[pci]
            : parts[host - 1] is "platform" or "devices" || parts[host - 1].StartsWith("adapter", StringComparison.Ordinal) ? string.Empty
            : parts[host - 1];
    }

    /// <summary>Whether a name is one of a PCI device, with its domain.</summary>
    /// <param name="text">The name.</param>
    /// <returns>True for <c>0000:05:00.0</c>.</returns>
    public static bool IsPciName(string text)
    {
        var dot = text.LastIndexOf('.');
        return dot >= 10 && dot == text.Length - 2 && text[dot - 3] == ':' && text[dot - 6] == ':' && dot - 6 is >= 4 and <= 8
            && text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.');
    }

    private static SysfsPath Disk(string[] parts, string disk, string attribute, bool isDevice)
    {
        var address = parts.Length > 4 && ScsiAddress.TryParse(parts[^5], out var at) ? at : (ScsiAddress?)null;
        var isUsed = isDevice ? attribute == "queue_depth" : attribute is "max_sectors_kb" or "max_hw_sectors_kb" or "max_segments" or "max_segment_size" or "nr_requests";
        return isUsed
            ? new() { Subject = SysfsSubject.Disk, Name = disk, Attribute = attribute, Address = address, Device = HostDevice(parts) }
            : default;
    }

    private static SysfsPath ScsiOrPci(string[] parts, string owner, string above, string attribute)
    {
        // /sys/class/scsi_device/3:0:0:1/device/queue_depth leads over a link.
        var name = owner == "device" ? above : owner;
        if (ScsiAddress.TryParse(name, out var address))
        {
            return Array.IndexOf(ScsiAttributes, attribute) < 0
                ? default
                : new() { Subject = SysfsSubject.ScsiDevice, Name = name, Attribute = attribute, Address = address, Device = HostDevice(parts) };
        }

        return IsPciName(owner) && Array.IndexOf(PciAttributes, attribute) >= 0
            ? new() { Subject = SysfsSubject.Pci, Name = owner, Attribute = attribute, Device = owner }
            : default;
    }
}
