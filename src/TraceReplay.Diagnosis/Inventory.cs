using TraceReplay.Core;

namespace TraceReplay.Diagnosis;

/// <summary>The machine's inventory, merged from all that the sources say: where several speak of one value, the first
/// stands, and <see cref="Conflicts"/> keeps the others.</summary>
public sealed class Inventory
{
    private const int MostConflicts = 1000;

    // More than any machine has; an input that lists more is not kept whole.
    private const int MostEntries = 1_000_000;

    private readonly SortedDictionary<int, ScsiHostFact> _hosts = [];
    private readonly Dictionary<ScsiAddress, LunPathFact> _paths = [];
    private readonly Dictionary<string, MultipathMapFact> _maps = new(StringComparer.Ordinal);
    private readonly Dictionary<string, BlockQueueFact> _queues = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KernelModuleFact> _modules = new(StringComparer.Ordinal);
    private readonly List<ModuleParameterFact> _parameters = [];
    private readonly List<MemoryRegionFact> _memory = [];
    private readonly List<InventoryConflict> _conflicts = [];
    private readonly Dictionary<int, long> _pathsOf = [];

    /// <summary>SCSI hosts by number. A host that only a LUN's address names is among them.</summary>
    public IReadOnlyCollection<ScsiHostFact> Hosts => _hosts.Values;

    /// <summary>Paths of LUNs, in the order in which they were first read.</summary>
    public IReadOnlyCollection<LunPathFact> LunPaths => _paths.Values;

    /// <summary>Multipath maps, in the order in which they were first read.</summary>
    public IReadOnlyCollection<MultipathMapFact> Maps => _maps.Values;

    /// <summary>Request queues by disk.</summary>
    public IReadOnlyDictionary<string, BlockQueueFact> BlockQueues => _queues;

    /// <summary>Kernel modules by name.</summary>
    public IReadOnlyDictionary<string, KernelModuleFact> Modules => _modules;

    /// <summary>Module parameters, all statements in the order read.</summary>
    public IReadOnlyList<ModuleParameterFact> Parameters => _parameters;

    /// <summary>Regions of memory and buses, in the order read.</summary>
    public IReadOnlyList<MemoryRegionFact> Memory => _memory;

    /// <summary>Values on which sources do not agree, in the order found.</summary>
    public IReadOnlyList<InventoryConflict> Conflicts => _conflicts;

    /// <summary>Entries that were not kept because there are too many.</summary>
    public long NotKept { get; private set; }

    /// <summary>Whether the inputs said anything of hosts or LUNs.</summary>
    public bool IsEmpty => _hosts.Count == 0 && _paths.Count == 0 && _maps.Count == 0;

    /// <summary>Number of LUN paths on a host.</summary>
    /// <param name="host">The host.</param>
    /// <returns>The number, 0 if none is known.</returns>
    public long PathsOf(int host) => _pathsOf.GetValueOrDefault(host);

    /// <summary>The path at an address.</summary>
    /// <param name="address">The address.</param>
    /// <returns>What is known, null if nothing.</returns>
    public LunPathFact? Path(ScsiAddress address) => _paths.GetValueOrDefault(address);

    /// <summary>What holds for a parameter: the running value, else the command line's (its last one, as the kernel takes
    /// it), else the configured one.</summary>
    /// <param name="module">Module, with <c>_</c>.</param>
    /// <param name="parameter">Parameter, with <c>_</c>.</param>
    /// <returns>The statement, null if there is none.</returns>
    public ModuleParameterFact? Parameter(string module, string parameter) => _parameters
        .Where(p => p.Module == module && p.Parameter == parameter).Reverse().MinBy(p => p.Origin);

    /// <summary>Takes a fact of an inventory; others are passed over.</summary>
    /// <param name="fact">The fact.</param>
    /// <returns>Whether it was one.</returns>
    public bool Add(Fact fact)
    {
        if (fact is not (MachineFact or ScsiHostFact) && Entries >= MostEntries)
        {
            NotKept++;
            return true;
        }

        switch (fact)
        {
            case ScsiHostFact host when _hosts.Count < MostEntries:
                Add(host);
                return true;
            case LunPathFact path:
                Add(path);
                return true;
            case MultipathMapFact map:
                _maps[map.Map] = _maps.TryGetValue(map.Map, out var knownMap) ? Merge(knownMap, map) : map;
                return true;
            case BlockQueueFact queue:
                _queues[queue.Disk] = _queues.TryGetValue(queue.Disk, out var knownQueue) ? Merge(knownQueue, queue) : queue;
                return true;
            case KernelModuleFact module:
                _modules[module.Module] = _modules.TryGetValue(module.Module, out var known)
                    ? known with { Version = known.Version ?? module.Version, IsLoaded = known.IsLoaded ?? module.IsLoaded }
                    : module;
                return true;
            case MachineFact { CommandLine: { } commandLine }:
                _parameters.AddRange(KernelWords.ModuleParameters(commandLine, fact.Source));
                return true;
            case ModuleParameterFact parameter:
                _parameters.Add(parameter);
                return true;
            case MemoryRegionFact region:
                _memory.Add(region);
                return true;
            default:
                return false;
        }
    }

    private int Entries => _paths.Count + _maps.Count + _queues.Count + _modules.Count + _parameters.Count + _memory.Count;

    private void Add(ScsiHostFact host) =>
        _hosts[host.Host] = _hosts.TryGetValue(host.Host, out var known) ? Merge(known, host) : host;

    private void Add(LunPathFact path)
    {
        var isKnown = _paths.TryGetValue(path.Address, out var known);
        _paths[path.Address] = isKnown ? Merge(known!, path) : path;
        _pathsOf[path.Address.Host] = _pathsOf.GetValueOrDefault(path.Address.Host) + (isKnown ? 0 : 1);
        if (!_hosts.ContainsKey(path.Address.Host))
        {
            _hosts.Add(path.Address.Host, new ScsiHostFact(path.Address.Host, path.Source));
        }
    }

    private ScsiHostFact Merge(ScsiHostFact known, ScsiHostFact more)
    {
        var name = $"host{known.Host}";
        T? Take<T>(string what, T? first, T? second) => First(name, what, first, second, known.Source, more.Source);
        return known with
        {
            Driver = Take("driver", known.Driver, more.Driver),
            DriverVersion = Take("driver_version", known.DriverVersion, more.DriverVersion),
            Device = Take("device", known.Device, more.Device),
            Model = known.Model ?? more.Model,
            CanQueue = Take("can_queue", known.CanQueue, more.CanQueue),
            CmdPerLun = Take("cmd_per_lun", known.CmdPerLun, more.CmdPerLun),
            SgTablesize = Take("sg_tablesize", known.SgTablesize, more.SgTablesize),
            LunQueueDepth = Take("lun_queue_depth", known.LunQueueDepth, more.LunQueueDepth),
            HbaQueueDepth = Take("hba_queue_depth", known.HbaQueueDepth, more.HbaQueueDepth),
            SgSegCnt = Take("sg_seg_cnt", known.SgSegCnt, more.SgSegCnt),
            HwQueues = known.HwQueues ?? more.HwQueues,
            UncheckedIsaDma = known.UncheckedIsaDma ?? more.UncheckedIsaDma,
            More = Merge(known.More, more.More),
        };
    }

    private LunPathFact Merge(LunPathFact known, LunPathFact more)
    {
        T? Take<T>(string what, T? first, T? second) =>
            First(known.Address, what, first, second, known.Source, more.Source);
        return known with
        {
            Type = known.Type ?? more.Type,
            Vendor = Take("vendor", known.Vendor, more.Vendor),
            Model = Take("model", known.Model, more.Model),
            Rev = known.Rev ?? more.Rev,
            Node = Take("node", known.Node, more.Node),
            Sg = known.Sg ?? more.Sg,
            QueueDepth = Take("queue_depth", known.QueueDepth, more.QueueDepth),
            Bytes = known.Bytes ?? more.Bytes,
            Wwid = known.Wwid ?? more.Wwid,
            Map = Take("map", known.Map, more.Map),
            GroupState = known.GroupState ?? more.GroupState,
            PathState = known.PathState ?? more.PathState,
        };
    }

    private static MultipathMapFact Merge(MultipathMapFact known, MultipathMapFact more) => known with
    {
        Wwid = known.Wwid ?? more.Wwid,
        Dm = known.Dm ?? more.Dm,
        Vendor = known.Vendor ?? more.Vendor,
        Model = known.Model ?? more.Model,
        Bytes = known.Bytes ?? more.Bytes,
        Features = known.Features ?? more.Features,
        Policy = known.Policy ?? more.Policy,
    };

    private BlockQueueFact Merge(BlockQueueFact known, BlockQueueFact more)
    {
        T? Take<T>(string what, T? first, T? second) => First(known.Disk, what, first, second, known.Source, more.Source);
        return known with
        {
            Device = Take("device", known.Device, more.Device),
            Address = Take("address", known.Address, more.Address),
            MaxSectorsKb = Take("max_sectors_kb", known.MaxSectorsKb, more.MaxSectorsKb),
            MaxHwSectorsKb = known.MaxHwSectorsKb ?? more.MaxHwSectorsKb,
            MaxSegments = Take("max_segments", known.MaxSegments, more.MaxSegments),
            MaxSegmentBytes = known.MaxSegmentBytes ?? more.MaxSegmentBytes,
            NrRequests = known.NrRequests ?? more.NrRequests,
            QueueDepth = Take("queue_depth", known.QueueDepth, more.QueueDepth),
        };
    }

    private static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> known, IReadOnlyDictionary<string, string> more)
    {
        if (more.Count == 0 || known.Count == 0)
        {
            return more.Count == 0 ? known : more;
        }

        var all = new Dictionary<string, string>(known, StringComparer.Ordinal);
        foreach (var (name, value) in more)
        {
            all.TryAdd(name, value);
        }

        return all;
    }

    /// <summary>The first statement of a value; another one of a different value is kept as a conflict.</summary>
    private T? First<T>(object subject, string what, T? first, T? second, SourceRef at, SourceRef other)
    {
        if (first is null || second is null || EqualityComparer<T>.Default.Equals(first, second))
        {
            return first is null ? second : first;
        }

        if (_conflicts.Count < MostConflicts)
        {
            _conflicts.Add(new InventoryConflict(subject.ToString()!, what, first.ToString()!, at, second.ToString()!, other));
        }

        return first;
    }
}

/// <summary>Says what sources do not agree on, values of one kind together.</summary>
public static class InventoryRemarks
{
    private const int Shown = 3;

    /// <summary>The warnings of an inventory.</summary>
    /// <param name="inventory">The inventory.</param>
    /// <returns>One warning for each kind of value.</returns>
    public static IEnumerable<Diagnostic> Of(Inventory inventory)
    {
        ArgumentNullException.ThrowIfNull(inventory);
        if (inventory.NotKept > 0)
        {
            yield return new Diagnostic(
                "TR0321", Severity.DataLoss, $"{inventory.NotKept} entries of the inventory beyond a million were not kept", default, "split the inventory by hosts");
        }

        foreach (var alike in inventory.Conflicts.GroupBy(c => c.What, StringComparer.Ordinal))
        {
            var some = alike.Take(Shown).Select(c => $"{c.Subject}: {c.First} ({c.FirstSource}) and {c.Other} ({c.OtherSource})");
            var more = alike.Count() > Shown ? $", and {alike.Count() - Shown} more" : string.Empty;
            yield return new Diagnostic(
                "TR0320", Severity.Warning, $"the inputs do not agree on {alike.Key}: {string.Join("; ", some)}{more}; the first is taken", alike.First().OtherSource,
                "snapshots of different moments or machines are better analysed apart");
        }
    }
}

/// <summary>Two sources that do not agree on a value.</summary>
/// <param name="Subject">Whose value: <c>host3</c>, <c>3:0:0:1</c>, <c>sda</c>.</param>
/// <param name="What">Which value, by its column.</param>
/// <param name="First">The one that stands.</param>
/// <param name="FirstSource">Where the subject was first read.</param>
/// <param name="Other">The other one.</param>
/// <param name="OtherSource">Where it stands.</param>
public sealed record InventoryConflict(
    string Subject, string What, string First, SourceRef FirstSource, string Other, SourceRef OtherSource);
