using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis.Tests;

public class RuleTests
{
    private static readonly PoolGeometry Geometry = new()
    {
        Kind = PoolKind.Swiotlb, Kernel = "6.1", Units = 1024, UnitBytes = 2048,
    };

    private static Cause Decide(
        long units, long used, long run, long leaked = 0, bool ideal = false, long area = 1024, long preallocated = 0) =>
        FailureCauseRule.Decide(
            new PoolFailure
            {
                Operation = 0, Units = units, UsedUnits = used, FreeUnits = 1024 - used, LargestFreeRun = run,
                LargestAreaFree = area, ModelAgrees = true,
            },
            Geometry, 128, leaked, preallocated, ideal);

    [Theory]
    [InlineData(129, 10, 128, 0, false, Cause.SegmentLimit)]
    [InlineData(16, 1020, 4, 0, false, Cause.Capacity)]
    [InlineData(16, 528, 15, 0, false, Cause.Fragmentation)]
    [InlineData(16, 528, 15, 0, true, Cause.Capacity)]
    [InlineData(16, 900, 15, 0, false, Cause.Capacity)]
    [InlineData(16, 1020, 4, 800, false, Cause.Leak)]
    [InlineData(16, 300, 15, 290, false, Cause.Fragmentation)]
    [InlineData(16, 528, 64, 0, false, Cause.AreaExhaustion)]
    public void A_failure_has_the_contracts_cause(
        long units, long used, long run, long leaked, bool ideal, Cause cause) =>
        Assert.Equal(cause, Decide(units, used, run, leaked, ideal));

    // What is set aside is to blame only where it has the bulk of a pool that is short, and giving it back would help.
    [Theory]
    [InlineData(16, 1020, 900, Cause.Preallocation)]
    [InlineData(16, 1020, 400, Cause.Capacity)]
    [InlineData(16, 528, 500, Cause.Fragmentation)]
    [InlineData(1000, 500, 260, Cause.SegmentLimit)]
    public void What_is_set_aside_in_advance_has_a_cause_of_its_own(long units, long used, long preallocated, Cause cause) =>
        Assert.Equal(cause, Decide(units, used, Math.Min(15, 1024 - used), preallocated: preallocated));

    [Theory]
    [InlineData("swiotlb=1024,force", "6.1", 1024L, null, true)]
    [InlineData("quiet swiotlb=65536,4,force ro", "6.1", 65536L, 4, true)]
    [InlineData("swiotlb=force", "6.1", null, null, true)]
    [InlineData("swiotlb=1300", "6.1", 2048L, null, false)]
    [InlineData("swiotlb=1300", "5.10", 1408L, null, false)]
    [InlineData("swiotlb=1000", "2.6.9", 2048L, null, false)]
    public void The_command_line_tells_the_pool(string line, string kernel, long? slots, int? areas, bool forced) =>
        Assert.Equal(new CommandLinePool(slots, areas, forced), CommandLinePool.Read(line, kernel));

    [Fact]
    public void A_failure_that_the_model_would_serve_proves_nothing() =>
        Assert.Equal(Cause.Unknown, FailureCauseRule.Decide(
            new PoolFailure
            {
                Operation = 0, Units = 16, UsedUnits = 100, FreeUnits = 924, LargestFreeRun = 128, LargestAreaFree = 924,
                ModelAgrees = false,
            },
            Geometry, 128, 0, 0, false));

    [Fact]
    public void A_victim_whose_removal_only_removes_its_own_failures_is_no_culprit()
    {
        var ranked = CulpritRule.Rank(
            [new DeviceTrial(1, 1736, 0, 0, 0), new DeviceTrial(2, 41, 179, 27, 0), new DeviceTrial(3, 3, 27, 179, 0)], 206, 2041, 264);
        Assert.Equal([1], ranked.Select(r => r.Trial.Device));
        Assert.Equal(1, ranked[0].Blame);
    }

    [Fact]
    public void A_device_at_the_margin_is_no_culprit_although_any_relief_helps()
    {
        var ranked = CulpritRule.Rank([new DeviceTrial(1, 1408, 340, 0, 0), new DeviceTrial(2, 32, 0, 0, 0)], 340, 1696, 256);
        Assert.Equal([1], ranked.Select(r => r.Trial.Device));
    }

    [Fact]
    public void Nobody_is_blamed_for_what_an_unknown_holder_has() =>
        Assert.Empty(CulpritRule.Rank([new DeviceTrial(2, 41, 100, 0, 0), new DeviceTrial(3, 4, 20, 0, 0)], 120, 2041, 1996));

    [Fact]
    public void Two_heavy_holders_share_the_blame()
    {
        var ranked = CulpritRule.Rank(
            [new DeviceTrial(1, 900, 0, 10, 0), new DeviceTrial(2, 1000, 0, 0, 0), new DeviceTrial(3, 10, 50, 0, 0)], 50, 1910, 0);
        Assert.Equal([2, 1], ranked.Select(r => r.Trial.Device));
    }

    [Theory]
    [InlineData("6.1.192", 2304, true, "swiotlb=4096,force")]
    [InlineData("6.12", 2048, false, "swiotlb=2048")]
    [InlineData("5.10.7", 2300, true, "swiotlb=2304,force")]
    [InlineData("2.6.16", 32768, false, "swiotlb=32768")]
    [InlineData("2.6.13", 32768, false, "swiotlb=16384")]
    public void The_boot_parameter_is_what_that_kernel_really_sets_up(string kernel, long slots, bool forced, string text) =>
        Assert.Equal(text, BootParameter.For(kernel, slots, forced, 12));
}
