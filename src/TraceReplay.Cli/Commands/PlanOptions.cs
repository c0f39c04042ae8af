using System.CommandLine;
using TraceReplay.Analysis;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Parsing;
using TraceReplay.Cli.Running;
using TraceReplay.Core;
using TraceReplay.Demand;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Cli.Commands;

/// <summary>The options of <c>plan</c> that say what the machine could ask for.</summary>
internal sealed class PlanOptions
{
    private const int MostHosts = 1024;
    private readonly Option<string[]> _inventory = new("--inventory")
    {
        HelpName = "INPUT", AllowMultipleArgumentsPerToken = false, DefaultValueFactory = static _ => [],
        Description = "Files, folders or archives that describe the machine: lsscsi, /proc/scsi/scsi, multipath -ll, values of /sys/class/scsi_host, a sosreport. Numbers given besides count in place of what it says.",
    };

    private readonly Option<string?> _luns = Number("--luns", "LUNs of the machine.");
    private readonly Option<string?> _paths = Number("--paths", "Paths to each LUN; every path has a queue of its own. 1 if not given.");
    private readonly Option<string?> _hosts = Number("--hosts", "Adapters that the paths are spread over; one for each path if not given.");
    private readonly Option<string?> _commands = Number("--commands-per-lun", "Commands that one LUN path may have in flight; the driver's default if not given.");
    private readonly Option<string?> _segments = Number("--segments", "Segments of one command; the driver's limit if not given.");
    private readonly Option<string?> _bytes = Number("--segment-bytes", "Bytes of one segment, units allowed; 4096 if not given.");
    private readonly Option<string?> _maxSectors = Number("--max-sectors-kb", "Largest request of the block layer, KiB: an upper limit of the segments.");
    private readonly Option<string?> _canQueue = Number("--can-queue", "Commands that one host may have in flight; the driver's default if not given.");
    private readonly Option<string?> _driver = new("--driver") { HelpName = "NAME", Description = "Driver of the hosts, for its defaults and the names of its settings." };
    private readonly Option<string?> _kernel = new("--kernel") { HelpName = "VERSION", Description = "Kernel version, for the driver's defaults and for pools that do not say theirs." };
    private readonly Option<string?> _arch = SharedOptions.OneOf("--arch", "Architecture; matters to the SCSI pool of 2.4.", [.. ScatterlistSize.Architectures]);
    private readonly Option<bool> _shared = new("--shared") { Description = "All hosts share one TCE window or IOVA domain; without it each has its own." };

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _inventory, _luns, _paths, _hosts, _commands, _segments, _bytes, _maxSectors, _canQueue, _driver, _kernel, _arch, _shared })
        {
            command.Add(option);
        }
    }

    /// <summary>Reads them.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="pools">The pools; the first that names a kernel does so for the drivers too.</param>
    /// <param name="cancellation">Stops the reading of an inventory.</param>
    /// <returns>The question.</returns>
    public PlanInput Read(ParseResult parsed, IReadOnlyList<PoolSpec> pools, CancellationToken cancellation)
    {
        var inventories = parsed.GetValue(_inventory) ?? [];
        if (inventories.Length == 0 && pools.Count == 0)
        {
            throw new UsageException("which pool the demand is held against is not said", "say --pool SPEC, for example --pool \"swiotlb(kernel=6.1, size=64MiB)\"");
        }

        var notes = new List<string>();
        var hosts = BoundsText.Read(parsed.GetValue(_hosts), "--hosts");
        if (hosts is { } asked && (asked.Least != asked.Most || asked.Most > MostHosts))
        {
            throw new UsageException($"--hosts takes one number from 1 to {MostHosts}");
        }

        var numbers = new PlanNumbers
        {
            Luns = BoundsText.Read(parsed.GetValue(_luns), "--luns"),
            Paths = BoundsText.Read(parsed.GetValue(_paths), "--paths"),
            Hosts = (int?)hosts?.Most,
            CommandsPerLun = BoundsText.Read(parsed.GetValue(_commands), "--commands-per-lun"),
            CanQueue = BoundsText.Read(parsed.GetValue(_canQueue), "--can-queue"),
            Segments = BoundsText.Read(parsed.GetValue(_segments), "--segments"),
            SegmentBytes = BoundsText.Read(parsed.GetValue(_bytes), "--segment-bytes", isSize: true),
            MaxSectorsKb = BoundsText.Read(parsed.GetValue(_maxSectors), "--max-sectors-kb"),
            Driver = parsed.GetValue(_driver),
            Kernel = parsed.GetValue(_kernel) ?? pools.Select(spec => spec.Kernel).FirstOrDefault(kernel => KernelVersion.TryParse(kernel, out var _)),
        };
        if (inventories.Length > 0)
        {
            return FromInventory(parsed, inventories, pools, numbers, cancellation);
        }

        return new PlanInput
        {
            Kernel = numbers.Kernel, Arch = parsed.GetValue(_arch), Hosts = numbers.MakeHosts(notes), Pools = pools,
            IsShared = parsed.GetValue(_shared), Notes = notes,
        };
    }

    private PlanInput FromInventory(
        ParseResult parsed, string[] inventories, IReadOnlyList<PoolSpec> pools, PlanNumbers numbers, CancellationToken cancellation)
    {
        if (parsed.GetResult(_hosts) is not null)
        {
            throw new UsageException("--hosts and --inventory say the same thing twice", "leave one of them out");
        }

        var question = new PlanInput
        {
            Kernel = parsed.GetValue(_kernel), Arch = parsed.GetValue(_arch), IsShared = parsed.GetValue(_shared), Hosts = [], Pools = [],
        };
        var plan = InventoryPlan.Read(inventories, pools, numbers, question, cancellation);
        foreach (var diagnostic in plan.Diagnostics.Where(diagnostic => diagnostic.Severity != Severity.Info))
        {
            ErrorText.Warn(diagnostic.Code, diagnostic.Message, diagnostic.Source.ToString(), diagnostic.Hint);
        }

        return plan.Input;
    }

    private static Option<string?> Number(string name, string description) => new(name) { HelpName = "N|A..B", Description = description };
}
