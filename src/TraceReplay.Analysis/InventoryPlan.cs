using TraceReplay.Core;
using TraceReplay.Demand.Planning;
using TraceReplay.Diagnosis;
using TraceReplay.Parsers;
using TraceReplay.Pools;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Analysis;

/// <summary>A plan from a machine's inventory: lsscsi, /proc/scsi/scsi, multipath -ll, sysfs values, a whole
/// sosreport.</summary>
/// <param name="Input">The question.</param>
/// <param name="Diagnostics">What the reader of the inventory must know.</param>
public sealed record InventoryPlan(PlanInput Input, IReadOnlyList<Diagnostic> Diagnostics)
{
    private const int MostConflicts = 5;
    private const int MostReasons = 3;

    /// <summary>Reads an inventory.</summary>
    /// <param name="inputs">Files, folders, archives; together they are one machine.</param>
    /// <param name="pools">The pools asked for; none = those that the inventory's logs state.</param>
    /// <param name="numbers">What the user states over the inventory.</param>
    /// <param name="question">Kernel, architecture and sharing as far as the user states them.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>The question to plan.</returns>
    /// <exception cref="PlanException">There is no host with LUNs in it, or no pool.</exception>
    public static InventoryPlan Read(
        IReadOnlyList<string> inputs, IReadOnlyList<PoolSpec> pools, PlanNumbers numbers, PlanInput question, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(numbers);
        ArgumentNullException.ThrowIfNull(question);
        using var ingest = Ingest.Run(inputs, new ReaderOptions(), target: null, progress: null, cancellation);
        var facts = ingest.Facts;
        var kernel = question.Kernel ?? facts.Machine.KernelVersion ?? facts.Machine.KernelRelease ?? KernelOf(pools);
        var notes = question.Notes.ToList();
        var hosts = new InventoryHosts(facts.Inventory, facts.DriverOf, kernel, numbers, notes).Make();
        if (hosts.Count == 0)
        {
            throw new PlanException("no SCSI host with a LUN is in the inventory" + Reasons(ingest),
                "give lsscsi, /proc/scsi/scsi, multipath -ll, grep . /sys/class/scsi_host/*/*, or a sosreport; or say --luns N");
        }

        notes.AddRange(Conflicts(facts.Inventory));
        if (kernel is null)
        {
            notes.Add("the kernel version is not in the inventory: newest defaults are taken (--kernel VERSION)");
        }

        var known = KnownPools(facts, kernel);
        return new InventoryPlan(question with
        {
            Kernel = kernel,
            Arch = question.Arch ?? facts.Machine.Arch,
            Hosts = [.. hosts.Select(host => numbers.Apply(host, hosts.Count))],
            KnownPools = known,
            Pools = pools.Count > 0 ? pools : Stated(known),
            Notes = notes,
        }, ingest.Diagnostics);
    }

    /// <summary>What the reading told of inputs that were of no use.</summary>
    private static string Reasons(Ingest ingest)
    {
        var sources = ingest.Sources.Select(source => source.Path).ToHashSet(StringComparer.Ordinal);
        var told = ingest.Diagnostics.Where(d => d.Source.Path is { } path && (d.Severity > Severity.Info || !sources.Contains(path)))
            .OrderByDescending(d => d.Severity).DistinctBy(d => d.Source.Path, StringComparer.Ordinal).ToArray();
        var more = told.Length > MostReasons ? $"; and {told.Length - MostReasons} more inputs" : string.Empty;
        return told.Length == 0 ? string.Empty : $" ({string.Join("; ", told.Take(MostReasons).Select(d => $"{d.Source.Path}: {d.Message}"))}{more})";
    }

    private static string? KernelOf(IReadOnlyList<PoolSpec> pools) =>
        pools.Select(spec => spec.Kernel).FirstOrDefault(kernel => KernelVersion.TryParse(kernel, out _));

    /// <summary>Pools that the logs in the inventory state.</summary>
    private static List<PoolGeometry> KnownPools(CaseFacts facts, string? kernel)
    {
        var known = new List<PoolGeometry>();
        foreach (var group in facts.Geometry.Where(fact => fact.Units is > 0).GroupBy(fact => fact.Kind))
        {
            if (!PoolModels.All.Any(info => info.Kind == group.Key))
            {
                continue;
            }

            var best = group.OrderBy(fact => fact.Origin).First();
            var usual = PoolDefaults.For(group.Key, kernel ?? PoolDefaults.Kernel(group.Key));
            known.Add(usual with { Units = best.Units!.Value, UnitBytes = best.UnitBytes ?? usual.UnitBytes, Areas = Math.Max(1, best.Areas ?? 1) });
        }

        return known;
    }

    private static List<PoolSpec> Stated(List<PoolGeometry> known) => known.Count > 0
        ? [.. known.Select(pool => PoolSpec.Parse($"{pool.Kind.Name()}()"))]
        : throw new PlanException("which pool the demand is held against is not said, nor is it in the inventory",
            "say --pool SPEC, or add a kernel log with its boot lines");

    private static IEnumerable<string> Conflicts(Inventory inventory)
    {
        foreach (var conflict in inventory.Conflicts.Take(MostConflicts))
        {
            yield return $"sources disagree on {conflict.What} of {conflict.Subject}: {conflict.First} ({conflict.FirstSource}), {conflict.Other} ({conflict.OtherSource}); the first is taken";
        }

        if (inventory.Conflicts.Count > MostConflicts)
        {
            yield return $"{inventory.Conflicts.Count - MostConflicts} further disagreements of sources";
        }
    }
}
