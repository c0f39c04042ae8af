using TraceReplay.Demand.Planning;

namespace TraceReplay.Demand.Tests;

/// <summary>The machine of 2006 (spec iommu-pools.md 1.10), each number worked out by hand beside the test: 16,000 LUNs,
/// lpfc, 64 segments, 3 to 30 commands, a window of 256 MiB = 65,536 entries of 4 KiB.</summary>
public sealed class OriginPlanTests
{
    private static readonly PlanNumbers Origin = new()
    {
        Luns = new Bounds(16_000, 16_000), Paths = new Bounds(1, 1), CommandsPerLun = new Bounds(3, 30), Segments = new Bounds(64, 64),
        SegmentBytes = new Bounds(4096, 4096), Driver = "lpfc", Kernel = "2.6.16",
    };

    private const string Window = "tce(kernel=2.6.16, window=256MiB)";

    // 16,000 x 3 = 48,000 and 16,000 x 30 = 480,000 commands, but can_queue = 8,192 - 10 = 8,182.
    // 8,182 x 64 = 523,648 entries: 7.99 times the window.
    // Command buffers of 1 KiB, 4 to a page: min(16,000 x 5, 8,192 - 20) = 8,172, so 2,043 pages.
    [Fact]
    public void InKernel2616CommandsInFlightEndTheDemand()
    {
        var plan = Plans.Of(Origin, Window).Pools[0];
        var host = Assert.Single(plan.Hosts);
        Assert.Equal((8182, 8182), (host.Commands.Least, host.Commands.Most));
        Assert.True(host.LimitedByHost);
        Assert.Equal((64, 64), (host.UnitsPerCommand.Least, host.UnitsPerCommand.Most));
        Assert.Equal((2043, 2043), (host.Permanent.Least, host.Permanent.Most));
        Assert.Equal(523_648 + 2043, host.Demand.Most);
        Assert.Equal(65_536, plan.Geometry.Units);
        Assert.Equal(Verdict.DoesNotFit, plan.Verdict);
    }

    // 65,536 / 64 = 1,024 commands fill the window; its last entry is never handed out, so 1,023 fit whole.
    [Fact]
    public void ThousandAndTwentyFourCommandsFillTheWindow()
    {
        var bare = Plans.Of(Origin with { Driver = null, CanQueue = new Bounds(8182, 8182) }, Window).Pools[0];
        Assert.Equal(1023, bare.UsableCommands.Most);
        Assert.Equal(1024, bare.Geometry.Units / 64);
        Assert.Equal(1023, bare.Setting(SettingKind.HostCommands).Value);
        var one = Plans.Of(Origin with { Driver = null, CanQueue = new Bounds(1024, 1024) }, Window).Pools[0];
        Assert.Equal(Verdict.DoesNotFit, one.Verdict);
    }

    // 16,000 x 1 x 64 is above the window: no depth helps by arithmetic (all LUNs busy at once); 8,192 - 20 buffers stay.
    // Host's commands c: 64 c + ceil((c + 10 - 20) / 4) <= 65,535 gives c <= 1,019 (65,216 + 253 = 65,469; one more: 65,533,
    // and the allocator's rounding loses that one).
    [Fact]
    public void TheHostsQueueIsTheSettingThatMakesItFit()
    {
        var plan = Plans.Of(Origin, Window).Pools[0];
        var depth = plan.Setting(SettingKind.QueueDepth);
        Assert.Equal("lpfc_lun_queue_depth", depth.Name);
        Assert.Null(depth.Value);
        var host = plan.Setting(SettingKind.HostCommands);
        Assert.Equal(("lpfc_hba_queue_depth", 10), (host.Name, host.Reserved));
        Assert.InRange(host.Value!.Value, 1015, 1020);
        // 525,691 entries: the next power of two is 1,048,576 = 4 GiB; half of it, 524,288, is too small.
        Assert.Equal(1_048_576, plan.Setting(SettingKind.PoolSize).Value);
        // 7 segments: 8,182 x 7 = 57,274 + 2,043 fits; 8 segments: 65,456 + 2,043 does not.
        Assert.Equal(7, plan.Setting(SettingKind.Segments).Value);
    }

    // depth* = floor(pool / (64 x paths)): with 100 busy LUNs 65,472 / 6,400 = 10.2.
    [Fact]
    public void DepthIsSolvedForTheActivePaths()
    {
        var plan = Plans.Of(Origin with { Luns = new Bounds(100, 100), Driver = null }, Window).Pools[0];
        Assert.Equal(10, plan.Setting(SettingKind.QueueDepth).Value);
        Assert.Equal(Verdict.Depends, plan.Verdict);
    }

    // Two paths through two adapters double the demand on a table that both share.
    [Fact]
    public void PathsReplicateTheDemand()
    {
        var plan = Plans.Of(Origin with { Paths = new Bounds(2, 2) }, arch: null, isShared: true, Window).Pools[0];
        Assert.Equal(2, plan.Hosts.Count);
        Assert.Equal(2 * (523_648 + 2043), plan.Demand.Most);
        Assert.Equal(1, plan.Count);
        Assert.Equal(2, Plans.Of(Origin with { Paths = new Bounds(2, 2) }, Window).Pools[0].Count);
    }

    [Fact]
    public void DefaultsOfTheDriverGiveTheNumbersOfTheMail()
    {
        var host = new PlanNumbers { Luns = new Bounds(16_000, 16_000), Driver = "lpfc", Kernel = "2.6.16-rc1-ppc64" }.MakeHosts([])[0];
        Assert.Equal((3, 30), (host.QueueDepth.Least, host.QueueDepth.Most));
        Assert.Equal((64, 64), (host.Segments.Least, host.Segments.Most));
        Assert.Equal((8182, 8182), (host.CanQueue!.Least, host.CanQueue.Most));
        Assert.Equal(Basis.DriverDefault, host.QueueDepth.Basis);
    }

    // 256 KiB are 128 slots: from 5.4 on no request is larger; before, one of 512 KiB asks for more than a mapping can have.
    [Theory]
    [InlineData("6.1", false, 128)]
    [InlineData("5.3", true, 256)]
    public void NewerKernelsKeepRequestsWithinTheBouncePool(string kernel, bool exceeds, long units)
    {
        var plan = Plans.Of(new PlanNumbers
        {
            Luns = new Bounds(2, 2), CommandsPerLun = new Bounds(4, 4), Segments = new Bounds(1, 1), SegmentBytes = new Bounds(512 << 10, 512 << 10),
        }, $"swiotlb(kernel={kernel}, size=64MiB)").Pools[0];
        Assert.Equal(exceeds, plan.ExceedsRequestLimit);
        Assert.Equal(units, plan.Hosts[0].UnitsPerCommand.Most);
        Assert.Equal(exceeds ? Verdict.DoesNotFit : Verdict.Fits, plan.Verdict);
    }
}
