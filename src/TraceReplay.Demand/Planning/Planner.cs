using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Demand.Planning;

/// <summary>Holds demand against capacity, before it breaks (spec/demand-side.md 5).</summary>
public static class Planner
{
    /// <summary>Answers a plan.</summary>
    /// <param name="input">The question.</param>
    /// <returns>The answer for each pool.</returns>
    /// <exception cref="SpecException">A pool that no kernel could have.</exception>
    /// <exception cref="PlanException">There is nothing to plan for.</exception>
    public static PlanReport Run(PlanInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Hosts.Count == 0 || input.Pools.Count == 0)
        {
            throw new PlanException("a plan needs at least one host and one pool", "say --luns N and --pool SPEC");
        }

        return new PlanReport(input.Kernel, input.Arch, [.. input.Pools.Select(spec => Pool(input, spec))], input.Notes);
    }

    private static PoolPlan Pool(PlanInput input, PoolSpec spec)
    {
        var (geometry, defaulted) = Resolve(input, spec);
        return geometry.Kind == PoolKind.ScsiDma
            ? MidLayer.PreallocationPlan.Make(input, spec, geometry)
            : Make(input, spec, geometry, defaulted);
    }

    private static PoolPlan Make(PlanInput input, PoolSpec spec, PoolGeometry geometry, IReadOnlyList<string> defaulted)
    {
        var fit = new PoolFit(ScatterlistSize.Of(input.Arch).Most);
        var groups = Groups(input, geometry);
        var corners = groups.Select(hosts => (Hosts: hosts, Least: fit.Corner(geometry, hosts, most: false), Most: fit.Corner(geometry, hosts, most: true))).ToList();
        var worst = corners.MaxBy(corner => corner.Most.Demand - corner.Most.Usable);
        var verdict = worst.Most.Fits ? Verdict.Fits : worst.Least.Fits ? Verdict.Depends : Verdict.DoesNotFit;
        return new PoolPlan
        {
            Spec = spec.Text,
            Geometry = geometry,
            Model = fit.Model(geometry).Name,
            Defaulted = defaulted,
            Count = groups.Count,
            Hosts = [.. groups.SelectMany(hosts => fit.Demands(geometry, hosts))],
            Demand = Between(worst.Least.Demand, worst.Most.Demand, "sum over the hosts that share the pool"),
            Usable = Between(worst.Least.Usable, worst.Most.Usable, $"filling the model {fit.Model(geometry).Name}"),
            UsableCommands = Between(worst.Least.Commands, worst.Most.Commands, $"filling the model {fit.Model(geometry).Name}"),
            ExceedsRequestLimit = worst.Most.ExceedsRequestLimit,
            MostUnitsPerRequest = fit.Model(geometry).MaxRequestUnits,
            Verdict = verdict,
            Settings = verdict == Verdict.Fits ? [] : new SettingSearch(fit, geometry, worst.Hosts).All(),
            Notes = PoolNotes.Of(geometry, worst.Most, worst.Hosts),
        };
    }

    /// <summary>A TCE window belongs to a slot and an IOVA domain to a device: without further word each host has its
    /// own.</summary>
    private static List<IReadOnlyList<HostInput>> Groups(PlanInput input, PoolGeometry geometry) =>
        input.IsShared || geometry.Kind is not (PoolKind.Tce or PoolKind.Iova or PoolKind.Calgary)
            ? [input.Hosts]
            : [.. input.Hosts.Select(host => (IReadOnlyList<HostInput>)[host])];

    private static (PoolGeometry Geometry, IReadOnlyList<string> Defaulted) Resolve(PlanInput input, PoolSpec spec)
    {
        var known = spec.Kernel is null && input.Kernel is { } kernel ? spec with { Kernel = kernel } : spec;
        var (geometry, defaulted) = known.Resolve(input.KnownPools.FirstOrDefault(pool => pool.Kind == spec.Kind));
        try
        {
            PoolModels.Create(geometry);
        }
        catch (ArgumentOutOfRangeException impossible)
        {
            throw new SpecException(spec.Text, 0, "a pool that a kernel can have", impossible.Message.Split('\n')[0]);
        }

        return (geometry, defaulted);
    }

    private static Estimate Between(long one, long other, string source) =>
        new(Math.Min(one, other), Math.Max(one, other), Basis.KernelRule, source);
}
