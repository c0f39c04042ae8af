using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Sysfs;

/// <summary>Gathers sysfs values by what they are about, and hands over one fact for each host, device, disk and parameter.</summary>
/// <param name="job">The source.</param>
internal sealed class SysfsValues(SourceJob job)
{
    private const int MostAttributes = 128;
    private const int LongestValue = 256;

    private readonly Dictionary<int, ScsiHostFact> _hosts = [];
    private readonly Dictionary<ScsiAddress, LunPathFact> _paths = [];
    private readonly Dictionary<string, BlockQueueFact> _disks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DeviceFact> _devices = new(StringComparer.Ordinal);
    private readonly List<Fact> _others = [];
    private string? _vendor;
    private string? _product;
    private SourceRef _dmi;

    /// <summary>Takes a value.</summary>
    /// <param name="path">Where it was read.</param>
    /// <param name="value">The value, its first line.</param>
    /// <param name="at">Place of the statement.</param>
    /// <returns>False if the path says nothing of use.</returns>
    public bool Add(in SysfsPath path, string value, SourceRef at)
    {
        value = value.Trim();
        switch (path.Subject)
        {
            case SysfsSubject.Host when value.Length <= LongestValue:
                var number = SysfsPath.HostNumber(path.Name);
                _hosts[number] = HostAttribute.Set(Host(number, path.Device, at), path.Attribute, value, MostAttributes);
                return true;
            case SysfsSubject.ScsiDevice:
                NoteHost(path, at);
                var address = path.Address!.Value;
                _paths[address] = Set(_paths.GetValueOrDefault(address) ?? new LunPathFact(address, at), path.Attribute, value);
                return true;
            case SysfsSubject.Disk:
                NoteHost(path, at);
                _disks[path.Name] = Set(_disks.GetValueOrDefault(path.Name) ?? new BlockQueueFact(path.Name, at), path, value);
                return true;
            case SysfsSubject.Module when value.Length <= LongestValue:
                var module = path.Name.Replace('-', '_');
                _others.Add(path.IsParameter
                    ? new ModuleParameterFact(module, path.Attribute.Replace('-', '_'), value, ParameterOrigin.Running, at)
                    : new KernelModuleFact(module, at) { Version = value, IsLoaded = true });
                return true;
            case SysfsSubject.Pci:
                _devices[path.Name] = Set(_devices.GetValueOrDefault(path.Name) ?? new DeviceFact(path.Name, at) { Bus = "pci" }, path.Attribute, value);
                return true;
            case SysfsSubject.Dmi when value.Length <= LongestValue:
                _dmi = at;
                _vendor = path.Attribute == "sys_vendor" ? value : _vendor;
                _product = path.Attribute == "product_name" ? value : _product;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Hands over what was gathered.</summary>
    public void Flush()
    {
        foreach (var fact in _hosts.Values.Concat<Fact>(_paths.Values).Concat(_disks.Values).Concat(_devices.Values).Concat(_others))
        {
            job.Fact(fact);
        }

        foreach (var disk in _disks.Values.Where(d => d.Address is not null))
        {
            job.Fact(new LunPathFact(disk.Address!.Value, disk.Source) { Node = disk.Disk, QueueDepth = disk.QueueDepth });
            job.Fact(new ConsumerFact(disk.Address.Value.ToString(), disk.Disk, disk.Device ?? string.Empty, disk.Source));
        }

        if (_vendor is not null || _product is not null)
        {
            job.Fact(new MachineFact(_dmi) { Model = $"{_vendor} {_product}".Trim() });
        }
    }

    private ScsiHostFact Host(int number, string device, SourceRef at)
    {
        var known = _hosts.GetValueOrDefault(number) ?? new ScsiHostFact(number, at);
        return known.Device is null && device.Length > 0 ? known with { Device = device } : known;
    }

    /// <summary>A path through a host tells which device does its DMA.</summary>
    private void NoteHost(in SysfsPath path, SourceRef at)
    {
        if (path is { Device.Length: > 0, Address: { } address })
        {
            _hosts[address.Host] = Host(address.Host, path.Device, at);
        }
    }

    private static LunPathFact Set(LunPathFact fact, string attribute, string value) => attribute switch
    {
        "queue_depth" => fact with { QueueDepth = HostAttribute.Number(value) },
        "vendor" => fact with { Vendor = value },
        "model" => fact with { Model = value },
        "rev" => fact with { Rev = value },
        "type" => fact with { Type = ScsiType.Name(value) },
        "wwid" => fact with { Wwid = ScsiType.Wwid(value) },
        _ => fact,
    };

    private static BlockQueueFact Set(BlockQueueFact fact, in SysfsPath path, string value)
    {
        var number = HostAttribute.Number(value);
        fact = fact with { Address = fact.Address ?? path.Address, Device = fact.Device ?? (path.Device.Length > 0 ? path.Device : null) };
        return path.Attribute switch
        {
            "max_sectors_kb" => fact with { MaxSectorsKb = number },
            "max_hw_sectors_kb" => fact with { MaxHwSectorsKb = number },
            "max_segments" => fact with { MaxSegments = number },
            "max_segment_size" => fact with { MaxSegmentBytes = number },
            "nr_requests" => fact with { NrRequests = number },
            "queue_depth" => fact with { QueueDepth = number },
            _ => fact,
        };
    }

    private static DeviceFact Set(DeviceFact fact, string attribute, string value) => attribute switch
    {
        "dma_mask_bits" => fact with { DmaMaskBits = HostAttribute.Number(value) is > 0 and <= 64 and var bits ? (int)bits : fact.DmaMaskBits },
        "vendor" => fact with { Ids = Hex(value) + (fact.Ids ?? string.Empty) },
        "device" => fact with { Ids = (fact.Ids ?? string.Empty) + ":" + Hex(value) },
        "class" => fact with { ClassCode = Hex(value) is { Length: >= 4 } code ? code[..4] : fact.ClassCode },
        _ => fact,
    };

    private static string Hex(string value) => value.StartsWith("0x", StringComparison.Ordinal) ? value[2..] : value;
}

/// <summary>Attributes of SCSI hosts by name: those of the mid-layer (drivers/scsi/scsi_sysfs.c) and of drivers.</summary>
internal static class HostAttribute
{
    /// <summary>Sets the field an attribute stands for; all others are kept by name.</summary>
    /// <param name="host">The host.</param>
    /// <param name="name">Attribute.</param>
    /// <param name="value">Value, trimmed.</param>
    /// <param name="most">Most attributes kept by name.</param>
    /// <returns>The host with it.</returns>
    public static ScsiHostFact Set(ScsiHostFact host, string name, string value, int most)
    {
        // Only lpfc has attributes of this name.
        if (name.StartsWith("lpfc_", StringComparison.Ordinal))
        {
            host = host with { Driver = host.Driver ?? "lpfc" };
        }

        var number = Number(value);
        return name switch
        {
            "proc_name" when value.Length > 0 && value is not ("(null)" or "<NULL>") => host with { Driver = value },
            "can_queue" when number is not null => host with { CanQueue = number },
            "cmd_per_lun" when number is not null => host with { CmdPerLun = number },
            "sg_tablesize" when number is not null => host with { SgTablesize = number },
            "unchecked_isa_dma" when number is not null => host with { UncheckedIsaDma = number != 0 },
            "nr_hw_queues" when number is not null => host with { HwQueues = number },
            "lpfc_lun_queue_depth" or "lun_queue_depth" when number is not null => host with { LunQueueDepth = number },
            "lpfc_hba_queue_depth" or "hba_queue_depth" when number is not null => host with { HbaQueueDepth = number },
            "lpfc_sg_seg_cnt" or "sg_seg_cnt" when number is not null => host with { SgSegCnt = number },
            "lpfc_drvr_version" or "driver_version" or "version_driver" or "drvr_version" when value.Length > 0 => host with { DriverVersion = value },
            "modelname" or "model_name" or "board_name" when value.Length > 0 => host with { Model = value },
            _ => host.More.Count >= most || host.More.ContainsKey(name)
                ? host
                : host with { More = new Dictionary<string, string>(host.More, StringComparer.Ordinal) { [name] = value } },
        };
    }

    /// <summary>A number as sysfs prints it: decimal or <c>0x</c>; what stands behind it (a unit) is passed over.</summary>
    /// <param name="value">The value.</param>
    /// <returns>The number, null if it is none or negative.</returns>
    public static long? Number(string value)
    {
        var end = value.IndexOf(' ', StringComparison.Ordinal);
        var word = end < 0 ? value.AsSpan() : value.AsSpan(0, end);
        return word.StartsWith("0x")
            ? long.TryParse(word[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) && hex >= 0 ? hex : null
            : long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
