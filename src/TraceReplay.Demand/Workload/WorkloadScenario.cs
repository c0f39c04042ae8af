using TraceReplay.Demand.Planning;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Workload;

/// <summary>A seeded workload on SCSI hosts that share one DMA pool.</summary>
public sealed record WorkloadScenario
{
    /// <summary>Name of the scenario.</summary>
    public required string Name { get; init; }

    /// <summary>What it shows, one sentence.</summary>
    public required string Shows { get; init; }

    /// <summary>Kernel version: decides how the mid-layer tries again.</summary>
    public required string Kernel { get; init; }

    /// <summary>The pool, a spec.</summary>
    public required string Pool { get; init; }

    /// <summary>Driver of the hosts.</summary>
    public string Driver { get; init; } = "lpfc";

    /// <summary>SCSI hosts.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>LUNs.</summary>
    public int Luns { get; init; } = 16_000;

    /// <summary>Paths to each LUN; path p ends at host p modulo hosts.</summary>
    public int Paths { get; init; } = 1;

    /// <summary>Commands that one LUN path may have in flight.</summary>
    public int QueueDepth { get; init; } = 30;

    /// <summary>Commands that one host may have in flight.</summary>
    public int CanQueue { get; init; } = 8182;

    /// <summary>LUNs that somebody reads or writes at the same time.</summary>
    public int ActiveLuns { get; init; } = 150;

    /// <summary>Commands that are queued on a LUN before its user moves on to another.</summary>
    public int BurstCommands { get; init; } = 40;

    /// <summary>Segments of a command.</summary>
    public Bounds Segments { get; init; } = new(1, 64);

    /// <summary>Bytes of a segment, multiples of a page.</summary>
    public Bounds SegmentBytes { get; init; } = new(4096, 65_536);

    /// <summary>Largest request of the block layer, bytes (SCSI_DEFAULT_MAX_SECTORS of 2.6: 1,024 sectors).</summary>
    public long MostRequestBytes { get; init; } = 512 << 10;

    /// <summary>Time from mapping to completion, microseconds.</summary>
    public Bounds LatencyMicroseconds { get; init; } = new(100_000, 3_000_000);

    /// <summary>Commands in all.</summary>
    public long Commands { get; init; } = 12_000;

    /// <summary>CPUs that submit.</summary>
    public int Cpus { get; init; } = 4;

    /// <summary>sizeof(struct scatterlist), for the tables of 2.4.</summary>
    public int ScatterlistBytes { get; init; } = 32;

    /// <summary>Whether a pool of the SCSI mid-layer is followed from the scan of the bus on: what is set aside for LUNs takes it, and commands
    /// run on that. Otherwise the pool is there, and the tables of commands take it.</summary>
    public bool SetsAside { get; init; }

    /// <summary>Seed of every random choice.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether the mid-layer is that of 2.4, which waits for tables of its own pool.</summary>
    internal bool IsOfKernel24 => KernelVersion.TryParse(Kernel, out var version) && version < new KernelVersion(2, 6);

    /// <summary>Whether queues are blk-mq, which tries again after 3 ms by itself (3.13 brought it, SCSI uses it by default
    /// from 4.19 and only from 5.0; the table takes 5.0).</summary>
    internal bool IsMultiQueue => KernelVersion.TryParse(Kernel, out var version) && version >= new KernelVersion(5, 0);

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="PlanException">A value out of its range.</exception>
    public void Check()
    {
        Require(Hosts is >= 1 and <= 256, "hosts", "1 to 256");
        Require(Luns is >= 1 and <= 1_000_000, "LUNs", "1 to 1,000,000");
        Require(Paths is >= 1 and <= 64, "paths", "1 to 64");
        Require(QueueDepth is >= 1 and <= 65_535, "queue depth", "1 to 65,535");
        Require(CanQueue is >= 1 and <= 1_000_000, "can_queue", "1 to 1,000,000");
        Require(ActiveLuns >= 1 && ActiveLuns <= Luns, "active LUNs", "1 to the number of LUNs");
        Require(BurstCommands is >= 1 and <= 1_000_000, "commands of a burst", "1 to 1,000,000");
        Require(Segments is { Least: >= 1, Most: <= 4096 }, "segments", "1 to 4,096");
        Require(SegmentBytes is { Least: >= 512, Most: <= 16 << 20 }, "bytes of a segment", "512 to 16 MiB");
        Require(MostRequestBytes is >= 512 and <= 1L << 30, "largest request", "512 bytes to 1 GiB");
        Require(LatencyMicroseconds is { Least: >= 1, Most: <= 60_000_000 }, "latency", "1 microsecond to 1 minute");
        Require(Commands is >= 1 and <= 1_000_000_000, "commands", "1 to 1,000,000,000");
        Require(Cpus is >= 1 and <= 4096, "CPUs", "1 to 4,096");
        if (!KernelVersion.TryParse(Kernel, out _))
        {
            throw new PlanException($"'{Kernel}' is not a kernel version", "for example 2.6.16 or 6.1");
        }
    }

    private static void Require(bool holds, string what, string range)
    {
        if (!holds)
        {
            throw new PlanException($"{what} out of range", $"possible are {range}");
        }
    }
}
