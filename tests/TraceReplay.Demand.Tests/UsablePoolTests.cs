using TraceReplay.Demand.Capacity;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Demand.Tests;

/// <summary>What requests of one size can get of a pool, against the tables of spec iommu-pools.md 1.3 and 1.7.</summary>
public sealed class UsablePoolTests
{
    [Theory]
    [InlineData("2.6.9", 1, 65_534)]
    [InlineData("2.6.9", 15, 62_460)]
    [InlineData("2.6.9", 16, 65_520)]
    [InlineData("3.6", 1, 49_150)]
    [InlineData("3.6", 15, 46_080)]
    [InlineData("3.6", 16, 65_504)]
    [InlineData("6.1", 1, 65_533)]
    [InlineData("6.1", 15, 62_460)]
    [InlineData("6.1", 16, 65_504)]
    public void SingleRequestsGetWhatTheTablesSay(string kernel, long pages, long obtained) =>
        Assert.Equal(obtained, Usable($"tce(kernel={kernel}, window=256MiB)", 1, pages * 4096).Units);

    [Theory]
    [InlineData("3.6", 393_211)]
    [InlineData("6.1", 524_282)]
    public void LargeWindowsToo(string kernel, long obtained) =>
        Assert.Equal(obtained, Usable($"tce(kernel={kernel}, window=2GiB)", 1, 4096).Units);

    [Fact]
    public void SwiotlbTakesSlotsForEachSegment()
    {
        // 4 KiB = 2 slots, 64 segments = 128 slots: 32,768 / 128 = 256 commands.
        var pool = Usable("swiotlb(kernel=6.1, size=64MiB)", 64, 4096);
        Assert.Equal((256, 32_768, 128), (pool.Commands, pool.Units, pool.UnitsPerCommand));
        // 512 bytes take a slot of 2 KiB all the same.
        Assert.Equal(64, Usable("swiotlb(kernel=6.1, size=64MiB)", 64, 512).UnitsPerCommand);
    }

    [Fact]
    public void SwiotlbServesNoSegmentAbove256KiB()
    {
        Assert.False(Usable("swiotlb(kernel=6.1, size=64MiB)", 1, 256 * 1024).ExceedsRequestLimit);
        var above = Usable("swiotlb(kernel=6.1, size=64MiB)", 1, (256 * 1024) + 1);
        Assert.True(above.ExceedsRequestLimit);
        Assert.Equal(0, above.Commands);
    }

    [Fact]
    public void SegmentsThatAreNoMultipleOfAPageCanTouchOneMore()
    {
        Assert.Equal(1, Usable("tce(kernel=2.6.16, window=256MiB)", 1, 4096).UnitsPerCommand);
        Assert.Equal(2, Usable("tce(kernel=2.6.16, window=256MiB)", 1, 1500).UnitsPerCommand);
        Assert.Equal(3, Usable("tce(kernel=2.6.16, window=256MiB)", 1, 4098).UnitsPerCommand);
        Assert.Equal(1, Usable("tce(kernel=2.6.16, window=256MiB)", 1, 1).UnitsPerCommand);
    }

    [Fact]
    public void IovaServesAListInOneRun()
    {
        // 64 x 16 KiB = 256 pages; 5 pages are rounded to 8 by the caches of 6.x.
        Assert.Equal(256, Usable("iova(kernel=6.12, limit=32bit)", 64, 16 * 1024).UnitsPerCommand);
        Assert.InRange(Usable("iova(kernel=6.12, limit=32bit)", 64, 16 * 1024).Commands, 4090, 4096);
        Assert.Equal(8, Usable("iova(kernel=6.12, limit=32bit)", 5, 4096).UnitsPerCommand);
    }

    [Fact]
    public void GartKeepsItsEmergencyPages()
    {
        var old = Usable("gart(kernel=2.6.18, size=64MiB)", 1, 4096);
        Assert.InRange(old.Units, 16_384 - 40, 16_384 - 32);
    }

    [Fact]
    public void LargePoolsAreMeasuredOnAPart()
    {
        var whole = Usable("tce(kernel=3.6, window=64GiB)", 1, 4096);
        Assert.InRange(whole.Units, (long)(0.7499 * (64L << 18)), (long)(0.7501 * (64L << 18)));
    }

    [Fact]
    public void PermanentHoldingsCount() => Assert.Equal(
        65_534, UsablePool.Measure(Geometry("tce(kernel=2.6.9, window=256MiB)"), new CommandShape(1, 4096), 2048).Units);

    private static UsablePool Usable(string spec, long segments, long bytes) =>
        UsablePool.Measure(Geometry(spec), new CommandShape(segments, bytes));

    private static Pools.PoolGeometry Geometry(string spec) => PoolSpec.Parse(spec).Resolve(null).Geometry;
}
