using System.CommandLine;
using System.Globalization;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Output;
using TraceReplay.Cli.Parsing;
using TraceReplay.Cli.Running;
using TraceReplay.Demand.Workload;
using TraceReplay.Pools;
using TraceReplay.Pools.Specs;
using TraceReplay.Report.Wording;

namespace TraceReplay.Cli.Commands;

/// <summary><c>generate</c>: a seeded workload as a trace.</summary>
internal static class GenerateCommand
{
    public static Command Create()
    {
        var scenario = new Option<string>("--scenario")
        {
            HelpName = "NAME", Required = true,
            Description = string.Join("; ", Scenarios.All.Select(known => $"{known.Name}: {known.Shows}")) + ".",
        };
        var seed = new Option<ulong>("--seed") { HelpName = "N", Description = "Decides every random choice; 1 if not given.", DefaultValueFactory = static _ => 1 };
        var output = SharedOptions.Output();
        var values = new WorkloadOptions();
        var command = new Command("generate", "Write the trace that a workload on SCSI hosts would give, from a seed; the mid-layer tries again what the pool refuses.")
        {
            scenario, seed, output,
        };
        values.AddTo(command);
        HelpPage.SetExamples(command,
            "tracereplay generate --scenario 16000-luns --seed 1 --output incident.csv",
            "tracereplay generate --scenario 16000-luns --seed 1 --queue-depth 1 --output calm.csv",
            "tracereplay generate --scenario 16000-luns-6.x --pool \"swiotlb(kernel=6.1, size=64MiB)\" | tracereplay analyze -");
        command.SetAction(parsed => Job.Run(stop =>
        {
            var workload = values.Apply(parsed, Scenarios.Find(parsed.GetRequiredValue(scenario)) with { Seed = parsed.GetValue(seed) });
            WorkloadResult? result = null;
            ResultFile.Write(parsed.GetValue(output), stream => result = Generator.Run(workload, stream, stop));
            ErrorText.WriteLine(Describe(workload, result!));
            return ExitCode.Done;
        }));
        return command;
    }

    private static string Describe(WorkloadScenario scenario, WorkloadResult result)
    {
        var share = (double)result.PeakUnits / result.Units;
        var text = string.Create(CultureInfo.InvariantCulture,
            $"{scenario.Name}, seed {scenario.Seed}, queue depth {scenario.QueueDepth}: {Words.Plural(result.Commands, "command")}, ")
            + $"{Words.Plural(result.Failures, "refused attempt")}, at most {Words.Plural(result.PeakCommands, "command")} in the pool and "
            + $"{Amounts.Count(result.PeakUnits)} of {Amounts.Count(result.Units)} units used ({Amounts.Percent(share)}), {Amounts.Duration(result.EndNs / 1e9)}";
        return result.IsStuck ? text + "; it stopped early: a command is larger than this pool can serve even when empty" : text;
    }
}

/// <summary>The values of a scenario that options change.</summary>
internal sealed class WorkloadOptions
{
    private readonly Option<string?> _kernel = new("--kernel") { HelpName = "VERSION", Description = "Kernel version: how the mid-layer tries again." };
    private readonly Option<string?> _pool = new("--pool") { HelpName = "SPEC", Description = "The pool that the hosts share." };
    private readonly Option<string?> _hosts = Number("--hosts", "SCSI hosts.");
    private readonly Option<string?> _luns = Number("--luns", "LUNs.");
    private readonly Option<string?> _paths = Number("--paths", "Paths to each LUN.");
    private readonly Option<string?> _depth = Number("--queue-depth", "Commands that one LUN path may have in flight (lpfc_lun_queue_depth).");
    private readonly Option<string?> _canQueue = Number("--can-queue", "Commands that one host may have in flight.");
    private readonly Option<string?> _active = Number("--active-luns", "LUNs that are in use at the same time.");
    private readonly Option<string?> _burst = Number("--burst", "Commands that are queued on a LUN before its user moves on.");
    private readonly Option<string?> _commands = Number("--commands", "Commands in all.");
    private readonly Option<string?> _cpus = Number("--cpus", "CPUs that submit.");
    private readonly Option<string?> _segments = Range("--segments", "Segments of a command.");
    private readonly Option<string?> _bytes = Range("--segment-bytes", "Bytes of a segment, units allowed.");
    private readonly Option<string?> _latency = Range("--latency-us", "Time from mapping to completion, microseconds.");

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _kernel, _pool, _hosts, _luns, _paths, _depth, _canQueue, _active, _burst, _commands, _cpus, _segments, _bytes, _latency })
        {
            command.Add(option);
        }
    }

    public WorkloadScenario Apply(ParseResult parsed, WorkloadScenario scenario)
    {
        long? One(Option<string?> option)
        {
            var bounds = BoundsText.Read(parsed.GetValue(option), option.Name);
            return bounds is null || bounds.Value.Least == bounds.Value.Most
                ? bounds?.Most
                : throw new UsageException($"{option.Name} takes one number");
        }

        int Small(Option<string?> option, int usual) => (int)Math.Min(One(option) ?? usual, int.MaxValue);
        var luns = Small(_luns, scenario.Luns);
        var pool = parsed.GetValue(_pool);
        return scenario with
        {
            Kernel = parsed.GetValue(_kernel) ?? KernelOf(pool) ?? scenario.Kernel,
            Pool = pool ?? scenario.Pool,
            Hosts = Small(_hosts, scenario.Hosts),
            Luns = luns,
            Paths = Small(_paths, scenario.Paths),
            QueueDepth = Small(_depth, scenario.QueueDepth),
            CanQueue = Small(_canQueue, scenario.CanQueue),
            ActiveLuns = Small(_active, Math.Min(luns, scenario.ActiveLuns)),
            BurstCommands = Small(_burst, scenario.BurstCommands),
            Commands = One(_commands) ?? scenario.Commands,
            Cpus = Small(_cpus, scenario.Cpus),
            Segments = BoundsText.Read(parsed.GetValue(_segments), "--segments") ?? scenario.Segments,
            SegmentBytes = BoundsText.Read(parsed.GetValue(_bytes), "--segment-bytes", isSize: true) ?? scenario.SegmentBytes,
            LatencyMicroseconds = BoundsText.Read(parsed.GetValue(_latency), "--latency-us") ?? scenario.LatencyMicroseconds,
        };
    }

    /// <summary>The pool's kernel is the machine's, unless it is the name of a generation.</summary>
    private static string? KernelOf(string? pool) =>
        pool is not null && PoolSpec.Parse(pool).Kernel is { } kernel && KernelVersion.TryParse(kernel, out _) ? kernel : null;

    private static Option<string?> Number(string name, string description) => new(name) { HelpName = "N", Description = description };

    private static Option<string?> Range(string name, string description) => new(name) { HelpName = "A..B", Description = description };
}
