using TraceReplay.Demand.Planning;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Demand.Tests;

/// <summary>Plans from numbers, as the command makes them.</summary>
internal static class Plans
{
    public static PlanReport Of(PlanNumbers numbers, params string[] pools) => Of(numbers, arch: null, isShared: false, pools);

    public static PlanReport Of(PlanNumbers numbers, string? arch, bool isShared, params string[] pools)
    {
        var notes = new List<string>();
        return Planner.Run(new PlanInput
        {
            Kernel = numbers.Kernel, Arch = arch, IsShared = isShared, Hosts = numbers.MakeHosts(notes),
            Pools = [.. pools.Select(PoolSpec.Parse)], Notes = notes,
        });
    }

    public static Setting Setting(this PoolPlan plan, SettingKind kind) => plan.Settings.Single(setting => setting.Kind == kind);
}
