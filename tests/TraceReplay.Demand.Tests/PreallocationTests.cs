using TraceReplay.Demand.MidLayer;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools.ScsiDma;

namespace TraceReplay.Demand.Tests;

/// <summary>The mid-layer of 2.4 (spec demand-side.md 1.1).</summary>
public sealed class PreallocationTests
{
    // ceil(segments x bytes / 512) x depth sectors a path; 65,520 - 16 - 8 are left for them with one host.
    [Theory]
    [InlineData(255, 20, 30, 300, 218, 2344)] // i386
    [InlineData(255, 40, 30, 600, 109, 4688)] // x86_64 with swiotlb
    [InlineData(255, 32, 30, 480, 136, 3750)] // ppc64
    [InlineData(64, 32, 30, 120, 545, 938)]
    [InlineData(64, 32, 3, 12, 5458, 94)]
    public void PathsThatFillTheCap(int segments, int bytes, int depth, long sectors, long paths, double wantedMiB)
    {
        Assert.Equal(sectors, ScsiDmaSizing.SectorsOfLun(segments, bytes, depth));
        Assert.Equal(paths, Preallocation.PathsBelowCap(sectors, 1));
        Assert.Equal(wantedMiB, Math.Round(16_000.0 * sectors * 512 / (1 << 20), MidpointRounding.AwayFromZero));
        Assert.True(Preallocation.Of((paths + 1) * sectors, 1).IsCapped);
        Assert.False(Preallocation.Of(paths * sectors, 1).IsCapped);
    }

    // 65,520 x 512 = 33,546,240 bytes.
    [Fact]
    public void TheCapIs32MiBLess8KiB() =>
        Assert.Equal((32L << 20) - 8192, (long)Preallocation.Of(16_000 * 480, 2).PoolSectors * 512);

    // 65,520 x 3/4 = 49,140, up to a multiple of 16: 49,152; 36,864; 27,648; ...
    [Fact]
    public void ShortOfMemoryItAsksForThreeQuarters()
    {
        var tries = Preallocation.Tries(0, 65_520).ToList();
        Assert.Equal([65_520, 49_152, 36_864, 27_648], tries.Take(4));
        Assert.True(tries.Count <= 20);
        Assert.All(tries, size => Assert.True(size >= 64));
        Assert.Equal([65_520, 49_152], Preallocation.Tries(40_000, 65_520));
    }

    // ppc64, 64 segments: 4 sectors a command. 16,000 x 2 paths x 30 x 4 = 3,840,000 sectors = 1,875 MiB, cap 65,520.
    [Fact]
    public void ThePlanEndsAtTheCap()
    {
        var plan = Plans.Of(new PlanNumbers
        {
            Luns = new Bounds(16_000, 16_000), Paths = new Bounds(2, 2), CommandsPerLun = new Bounds(3, 30), Segments = new Bounds(64, 64),
            Driver = "lpfc", Kernel = "2.4.21",
        }, "ppc64", isShared: false, "scsi-dma(kernel=2.4)").Pools[0];
        Assert.Equal(65_520, plan.Usable.Most);
        Assert.Equal(16 + (2 * 8) + (32_000L * 30 * 4), plan.Demand.Most);
        Assert.Equal(16 + (2 * 8) + (32_000L * 3 * 4), plan.Demand.Least);
        Assert.Equal(Verdict.DoesNotFit, plan.Verdict);
        Assert.Null(plan.Setting(SettingKind.QueueDepth).Value); // 32,000 x 1 x 4 = 128,000 is above the cap
        // (65,520 - 32) / (30 x 4 x 2 hosts) = 272.8 paths on each host
        Assert.Equal(272, plan.Setting(SettingKind.LunPaths).Value);
    }

    // One path: 16,000 x 4 + 24 = 64,024 sectors at depth 1, below the cap; at depth 2 above.
    [Fact]
    public void DepthOneFitsWithOnePath()
    {
        var plan = Plans.Of(new PlanNumbers
        {
            Luns = new Bounds(16_000, 16_000), Paths = new Bounds(1, 1), CommandsPerLun = new Bounds(30, 30), Segments = new Bounds(64, 64),
            Driver = "lpfc", Kernel = "2.4.21",
        }, "ppc64", isShared: false, "scsi-dma(kernel=2.4)").Pools[0];
        Assert.Equal(1, plan.Setting(SettingKind.QueueDepth).Value);
        Assert.Equal("lpfc_lun_queue_depth", plan.Setting(SettingKind.QueueDepth).Name);
    }

    [Fact]
    public void OnX86TheIsaZoneEndsItEarlier()
    {
        var numbers = new PlanNumbers
        {
            Luns = new Bounds(120, 120), CommandsPerLun = new Bounds(30, 30), Segments = new Bounds(255, 255), Driver = "lpfc", Kernel = "2.4.21",
        };
        Assert.Equal(Verdict.DoesNotFit, Plans.Of(numbers, "i386", isShared: false, "scsi-dma(kernel=2.4)").Pools[0].Verdict);
        Assert.Equal(32_768, Plans.Of(numbers, "i386", isShared: false, "scsi-dma(kernel=2.4)").Pools[0].Usable.Most);
        Assert.Equal(65_520, Plans.Of(numbers, "ppc64", isShared: false, "scsi-dma(kernel=2.4)").Pools[0].Usable.Most);
    }
}
