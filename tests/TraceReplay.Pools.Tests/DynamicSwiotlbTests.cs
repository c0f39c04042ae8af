using TraceReplay.Core;
using TraceReplay.Pools.Specs;
using TraceReplay.Pools.Swiotlb;

namespace TraceReplay.Pools.Tests;

public class DynamicSwiotlbTests
{
    [Fact]
    public void A_full_pool_gives_a_transient_pool_and_asks_for_growth()
    {
        var pool = Pool(delay: -1);
        Fill(pool, 512);
        var result = pool.Map(Request(5000));
        Assert.Equal((DynamicSwiotlb.FirstTransientUnit, 3L), (result.FirstUnit, result.Units));
        Assert.True(pool.IsGrowthScheduled);
        Assert.Equal((515L, 512L, 3L), (pool.UsedUnits, pool.TotalUnits, pool.TransientUnits));
        pool.Unmap(result.FirstUnit, result.Units, 0);
        pool.Unmap(result.FirstUnit, result.Units, 0);
        Assert.Equal((512L, 0L), (pool.UsedUnits, pool.TransientUnits));
    }

    [Fact]
    public void Without_memory_for_a_transient_pool_the_request_fails()
    {
        var pool = Pool(delay: -1);
        Fill(pool, 512);
        pool.CanHaveTransient = false;
        Assert.Equal(MapOutcome.Failed, pool.Map(Request(2048)).Outcome);
        Assert.True(pool.IsGrowthScheduled);
    }

    [Fact]
    public void The_newest_pool_is_searched_first()
    {
        var pool = Pool(delay: -1);
        pool.AddPool(0x1000000, 512, 1);
        pool.AddPool(0x2000000, 1024, 1);
        Assert.Equal(1024, pool.Map(Request(2048)).FirstUnit);
        Assert.Equal((2048L, 3), (pool.TotalUnits, pool.Areas));
        Assert.Equal(1, pool.AreaUsed(2));
        pool.Occupy(1024, 1024);
        Assert.Equal(512, pool.Map(Request(2048)).FirstUnit);
        Assert.False(pool.IsFree(512, 1));
        Assert.True(pool.IsFree(513, 511));
        Assert.False(pool.IsFree(400, 200)); // crosses into another pool
    }

    [Theory]
    [InlineData("G5", 768)] // all areas of the newest pool first: the CPU's own is full, the next one serves
    [InlineData("G5b", 0)] // the CPU's area of the older pool comes before another area of the newest
    public void The_order_of_areas_and_pools_changed_in_6_8(string generation, long expected)
    {
        var pool = Pool(delay: -1, areas: 2, generation);
        pool.AddPool(0x1000000, 512, 2);
        pool.Occupy(512, 256);
        Assert.Equal(expected, pool.Map(Request(2048)).FirstUnit);
    }

    [Fact]
    public void More_than_a_segment_fails_without_growth()
    {
        var pool = Pool(delay: 0);
        Assert.Equal(MapOutcome.Failed, pool.Map(Request(262145)).Outcome);
        Assert.False(pool.IsGrowthScheduled);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 3)]
    public void Without_a_trace_the_worker_comes_after_the_delay(long delay, long transient)
    {
        var pool = Pool(delay);
        Fill(pool, 512);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(pool.Map(Request(2048)).Ok);
        }

        Assert.Equal((transient, 1024L), (pool.TransientPoolsMade, pool.TotalUnits));
    }

    [Fact]
    public void An_added_pool_is_a_block_of_the_page_allocator()
    {
        var pool = Pool(delay: 0, areas: 32, slots: 32768);
        Fill(pool, 32768);
        pool.Map(Request(2048));
        pool.Map(Request(2048));
        Assert.Equal((32768L + 2048, 32 + 16), (pool.TotalUnits, pool.Areas));
    }

    [Fact]
    public void A_transient_pool_begins_on_a_page_so_an_odd_address_does_not_fit()
    {
        var pool = Pool(delay: -1);
        Fill(pool, 512);
        var request = Request(4096) with { PhysAddr = 0x5800, MinAlignMask = 0xfff };
        Assert.Equal(MapOutcome.Failed, pool.Map(request).Outcome);
    }

    [Fact]
    public void A_spec_asks_for_it() => Assert.IsType<DynamicSwiotlb>(
        PoolModels.Create(PoolSpec.Parse("swiotlb(kernel=6.12, dynamic=yes)").Resolve(null).Geometry));

    [Fact]
    public void Kernels_before_6_6_cannot() => Assert.IsNotType<DynamicSwiotlb>(
        PoolModels.Create(PoolSpec.Parse("swiotlb(kernel=6.5, dynamic=yes)").Resolve(null).Geometry));

    private static DynamicSwiotlb Pool(long delay, int areas = 1, string generation = "G6b", long slots = 512) =>
        (DynamicSwiotlb)PoolModels.Create(new PoolGeometry
        {
            Kind = PoolKind.Swiotlb, Kernel = generation, Units = slots, UnitBytes = 2048, Areas = areas,
            More = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                [DynamicSwiotlb.Key] = 1, [DynamicSwiotlb.DelayKey] = delay,
            },
        });

    private static void Fill(DynamicSwiotlb pool, long units) => Assert.Equal(units, pool.Occupy(0, units));

    private static MapRequest Request(long bytes) => new() { Bytes = bytes, PhysAddr = 0x1000 };
}
