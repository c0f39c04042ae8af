using TraceReplay.Demand.Planning;

namespace TraceReplay.Demand.Workload;

/// <summary>The scenarios that have a name; each value can be changed.</summary>
public static class Scenarios
{
    /// <summary>The incident of 2006 on the kernel that it happened on: one TCE window of 256 MiB.</summary>
    private static readonly WorkloadScenario Origin = new()
    {
        Name = "16000-luns",
        Shows = "the incident of 2006: lpfc, 16,000 LUNs, a TCE window of 256 MiB on 2.6.16",
        Kernel = "2.6.16",
        Pool = "tce(kernel=2.6.16, window=256MiB)",
    };

    /// <summary>Every scenario.</summary>
    public static IReadOnlyList<WorkloadScenario> All { get; } =
    [
        Origin,
        Origin with
        {
            Name = "16000-luns-2.4",
            Shows = "the same LUNs on 2.4 (ppc64): the mid-layer sets tables aside for every command of every LUN",
            Kernel = "2.4.21",
            Pool = "scsi-dma(kernel=2.4)",
            CanQueue = 2038,
            Segments = new Bounds(1, 64),
            SetsAside = true,
        },
        Origin with
        {
            Name = "16000-luns-2.4-x86",
            Shows = "2.4 on x86: commands in flight on a mid-layer pool as large as the 16 MiB ISA zone lets it become",
            Kernel = "2.4.21",
            // 65,520 sectors are wanted; three quarters at a time, 27,648 are the first below 16 MiB (demand-side.md 1.1).
            Pool = "scsi-dma(kernel=2.4, sectors=27648)",
            Hosts = 2,
            Paths = 2,
            CanQueue = 2038,
            ScatterlistBytes = 40,
            Segments = new Bounds(48, 102),
            SegmentBytes = new Bounds(4096, 4096),
        },
        Origin with
        {
            Name = "16000-luns-6.x",
            Shows = "the same LUNs on 6.1: the window in pools, blk-mq",
            Kernel = "6.1",
            Pool = "tce(kernel=6.1, window=256MiB)",
            QueueDepth = 64,
        },
    ];

    /// <summary>A scenario by name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The scenario.</returns>
    /// <exception cref="PlanException">There is none of this name.</exception>
    public static WorkloadScenario Find(string name) =>
        All.FirstOrDefault(scenario => string.Equals(scenario.Name, name, StringComparison.Ordinal))
        ?? throw new PlanException($"there is no scenario '{name}'", "scenarios are " + string.Join(", ", All.Select(scenario => scenario.Name)));
}
