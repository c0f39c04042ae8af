using TraceReplay.Pools.ScsiDma;

namespace TraceReplay.Pools.Tests;

/// <summary>The worked table of spec/demand-side.md 1.1.</summary>
public class ScsiDmaSizingTests
{
    [Theory]
    [InlineData(255, 20, 30, 300)] // i386
    [InlineData(255, 40, 30, 600)] // x86_64 with swiotlb
    [InlineData(255, 32, 30, 480)] // ppc64
    [InlineData(64, 32, 30, 120)]
    [InlineData(64, 32, 3, 12)]
    public void A_lun_path_wants_its_tables_for_every_command(int segments, int bytes, int depth, long sectors) =>
        Assert.Equal(sectors, ScsiDmaSizing.SectorsOfLun(segments, bytes, depth));

    [Fact]
    public void The_pool_stops_at_32_MiB_less_8_KiB()
    {
        Assert.Equal(65520, ScsiDmaSizing.MostSectors);
        Assert.Equal(ScsiDmaSizing.MostSectors, ScsiDmaSizing.PoolSectors(16_000 * 480, 2, 12));
        Assert.True(ScsiDmaSizing.PoolSectors(135 * 480, 1, 12) < ScsiDmaSizing.MostSectors);
    }

    [Fact]
    public void Sizes_are_rounded_up_to_sixteen_sectors() => Assert.Equal(
        (16, 32, 48), (ScsiDmaSizing.PoolSectors(0, 0, 12), ScsiDmaSizing.PoolSectors(1, 1, 12), ScsiDmaSizing.PoolSectors(12, 2, 12)));
}
