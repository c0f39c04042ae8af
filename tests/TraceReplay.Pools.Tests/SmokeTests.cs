using TraceReplay.Core;

namespace TraceReplay.Pools.Tests;

/// <summary>The worked examples of spec/swiotlb.md section 2: base 0, 4 KiB pages, first a mapping of 100 bytes, then
/// one to check.</summary>
public class SmokeTests
{
    [Theory]
    [InlineData("G1c", 4096, 0x1000, 0, 0, 1, 2)]
    [InlineData("G1d", 4096, 0x1000, 0, 0, 2, 2)]
    [InlineData("G2", 4096, 0x1000, 0, 0, 2, 2)]
    [InlineData("G4b", 4096, 0x5000, 0, 0, 2, 2)]
    [InlineData("G4b", 4096, 0x5800, 0, 0, 1, 2)]
    [InlineData("G6b", 4096, 0x5800, 0, 0, 2, 2)]
    public void After_a_small_mapping(string generation, long bytes, ulong phys, ulong m, ulong l, long first, long units)
    {
        var pool = Pool(generation);
        Assert.Equal(0, pool.Map(Request(100, 0x1000, 0, 0)).FirstUnit);
        var result = pool.Map(Request(bytes, phys, m, l));
        Assert.Equal((first, units), (result.FirstUnit, result.Units));
    }

    [Theory]
    [InlineData(4096, 0x5800, 0xfff, 0, 1, 2, 0x800)]
    [InlineData(4096, 0x11800, 0xfff, 0xffff, 0, 32, 0x800)]
    [InlineData(258048, 0x5a00, 0xfff, 0, 1, 127, 0xa00)]
    public void G6b_alone(long bytes, ulong phys, ulong m, ulong l, long first, long units, long offset)
    {
        var result = Pool("G6b").Map(Request(bytes, phys, m, l));
        Assert.Equal((first, units, offset), (result.FirstUnit, result.Units, result.Offset));
    }

    [Fact]
    public void G6b_can_never_serve_256_KiB_at_an_odd_slot() =>
        Assert.False(Pool("G6b").Map(Request(262144, 0x5800, 0xfff, 0)).Ok);

    [Fact]
    public void G2_needs_129_slots_for_an_unaligned_256_KiB()
    {
        Assert.False(Pool("G2").Map(Request(262144, 0x5200, 0xfff, 0)).Ok);
        Assert.Equal(128, Pool("G2").Map(Request(262144, 0x5000, 0xfff, 0)).Units);
        Assert.Equal(129, Pool("G2").UnitsFor(Request(262144, 0x5200, 0xfff, 0)));
    }

    [Theory]
    [InlineData("G2", 8, 0x5800, MapOutcome.Livelock)]
    [InlineData("G2", 0, 0x5800, MapOutcome.Failed)]
    [InlineData("G2", 8, 0x5000, MapOutcome.Failed)]
    [InlineData("G4b", 8, 0x5800, MapOutcome.Failed)]
    public void A_checkerboard_hangs_5_12(string generation, long hint, ulong phys, MapOutcome outcome)
    {
        var pool = Pool(generation, 256);
        for (var slot = 1; slot < 256; slot += 2)
        {
            pool.Occupy(slot, 1);
        }

        pool.SetSearchIndex(0, hint);
        Assert.Equal(outcome, pool.Map(Request(4096, phys, 0xfff, 0)).Outcome);
        Assert.Equal(128, pool.UsedUnits);
    }

    [Fact]
    public void The_stride_of_four_misses_free_pairs()
    {
        Assert.False(PairsAtFourTimesKPlusTwo("G2").Map(Request(4096, 0x5000, 0xfff, 0)).Ok);
        Assert.Equal(2, PairsAtFourTimesKPlusTwo("G4b").Map(Request(4096, 0x5000, 0xfff, 0)).FirstUnit);
        Assert.Equal(2, PairsAtFourTimesKPlusTwo("G6b").Map(Request(4096, 0x5000, 0xfff, 0)).FirstUnit);
    }

    [Fact]
    public void Whole_pool_runs_of_2_4_0_hang_where_the_rounding_is_wrong()
    {
        var pool = PoolModels.Create(new PoolGeometry
        {
            Kind = PoolKind.Swiotlb, Kernel = "2.4.0", Units = 1024, UnitBytes = 2048, PageShift = 14,
        });
        Assert.Equal(0, pool.Map(Request(3 * 2048, 0, 0, 0)).FirstUnit);
        pool.SetSearchIndex(0, 4);
        pool.Occupy(0, 1023);
        Assert.Equal(MapOutcome.Livelock, pool.Map(Request(3 * 2048, 0, 0, 0)).Outcome);
        Assert.Equal(MapOutcome.Failed, pool.Map(Request(2 * 2048, 0, 0, 0)).Outcome);
    }

    [Fact]
    public void Whole_pool_runs_of_2_4_0_may_be_longer_than_a_segment() =>
        Assert.Equal(1024, Pool("G0", 1024).Map(Request(1024 * 2048, 0, 0, 0)).Units);

    private static IPoolModel PairsAtFourTimesKPlusTwo(string generation)
    {
        var pool = Pool(generation, 128);
        for (var slot = 0; slot < 128; slot += 4)
        {
            pool.Occupy(slot, 2);
        }

        return pool;
    }

    private static IPoolModel Pool(string generation, long slots = 32768) => PoolModels.Create(new PoolGeometry
    {
        Kind = PoolKind.Swiotlb, Kernel = generation, Units = slots, UnitBytes = 2048,
    });

    private static MapRequest Request(long bytes, ulong phys, ulong minAlign, ulong align) => new()
    {
        Bytes = bytes, PhysAddr = phys, MinAlignMask = minAlign, AlignMask = align, SegmentBoundary = ulong.MaxValue,
    };
}
