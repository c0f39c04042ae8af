using TraceReplay.Core;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Pools.Tests.Specs;

public class PoolSpecTests
{
    [Theory]
    [InlineData("swiotlb(kernel=6.1, size=64MiB, areas=4)", PoolKind.Swiotlb, "6.1", 32768L, 4)]
    [InlineData("swiotlb(kernel=2.6.16, slabs=32768)", PoolKind.Swiotlb, "2.6.16", 32768L, null)]
    [InlineData("swiotlb( kernel = G4 ,size=64M )", PoolKind.Swiotlb, "G4", 32768L, null)]
    [InlineData("tce(kernel=2.6.15, window=256MiB, page=4KiB)", PoolKind.Tce, "2.6.15", 65536L, null)]
    [InlineData("tce(page=64KiB, window=1GiB, pools=4)", PoolKind.Tce, null, 16384L, 4)]
    [InlineData("tce(window=1GiB, page=64KiB)", PoolKind.Tce, null, 16384L, null)]
    [InlineData("gart(size=64MiB)", PoolKind.Gart, null, 16384L, null)]
    [InlineData("iova(limit=32bit)", PoolKind.Iova, null, 1048576L, null)]
    [InlineData("iova(limit=32bit, page=64KiB)", PoolKind.Iova, null, 65536L, null)]
    [InlineData("scsi-dma(kernel=2.4, sectors=4096)", PoolKind.ScsiDma, "2.4", 4096L, null)]
    [InlineData("swiotlb", PoolKind.Swiotlb, null, null, null)]
    [InlineData("swiotlb()", PoolKind.Swiotlb, null, null, null)]
    public void A_pool_is_read(string text, PoolKind kind, string? kernel, long? units, int? areas)
    {
        var spec = PoolSpec.Parse(text);
        Assert.Equal((kind, kernel, units, areas), (spec.Kind, spec.Kernel, spec.Units, spec.Areas));
    }

    [Theory]
    [InlineData("swiotbl(size=64MiB)", 0, "did you mean 'swiotlb'?")]
    [InlineData("swiotlb(szie=64MiB)", 8, "did you mean 'size'?")]
    [InlineData("swiotlb(size=64MiB, area=4)", 20, "did you mean 'areas'?")]
    [InlineData("swiotlb(size=64MeB)", 13, "")]
    [InlineData("swiotlb(size=1000)", 13, "")]
    [InlineData("swiotlb(size=0)", 13, "")]
    [InlineData("swiotlb(size=9999999999GiB)", 13, "")]
    [InlineData("swiotlb(areas=0)", 14, "")]
    [InlineData("swiotlb(areas=3)", 14, "the kernel rounds it up to 4")]
    [InlineData("swiotlb(kernel=G9)", 15, "")]
    [InlineData("swiotlb(size=64MiB, slabs=3)", 13, "")]
    [InlineData("swiotlb(size=64MiB, size=3)", 20, "")]
    [InlineData("swiotlb(size=64MiB", 18, "")]
    [InlineData("swiotlb(size=)", 13, "")]
    [InlineData("swiotlb(size)", 12, "")]
    [InlineData("swiotlb(size=64MiB) x", 20, "")]
    [InlineData("swiotlb(size=64MiB,)", 19, "")]
    [InlineData("", 0, "")]
    [InlineData("driver(size=1)", 0, "")]
    [InlineData("tce(page=5000)", 9, "")]
    [InlineData("iova(limit=32bits)", 11, "")]
    public void An_error_points_at_the_word(string text, int position, string hint)
    {
        var error = Assert.Throws<SpecException>(() => PoolSpec.Parse(text));
        Assert.Equal((position, hint), (error.Position, error.Hint));
        Assert.NotEmpty(error.Expected);
        Assert.DoesNotContain("expected the end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_says_is_the_kernels_default_and_named()
    {
        var (geometry, defaulted) = PoolSpec.Parse("swiotlb(areas=4)").Resolve(null);
        Assert.Equal((32768, 2048, 4), (geometry.Units, geometry.UnitBytes, geometry.Areas));
        Assert.Equal(["kernel", "size"], defaulted);
        Assert.Equal(1024, PoolSpec.Parse("swiotlb(kernel=2.4.0)").Resolve(null).Geometry.Units);
    }

    [Fact]
    public void What_the_logs_say_stands_unless_the_spec_says_otherwise()
    {
        var known = new PoolGeometry
        {
            Kind = PoolKind.Swiotlb, Kernel = "6.1.192", Units = 1024, UnitBytes = 2048, Areas = 4, Base = 0x1000, BaseKnown = true,
        };
        var (geometry, defaulted) = PoolSpec.Parse("swiotlb(size=4MiB)").Resolve(known);
        Assert.Equal(known with { Units = 2048 }, geometry with { More = known.More });
        Assert.Empty(defaulted);
    }

    [Fact]
    public void A_pool_of_another_kind_gives_its_kernel_only()
    {
        var known = new PoolGeometry { Kind = PoolKind.Tce, Kernel = "6.1", Units = 8192, UnitBytes = 4096, Base = 0x1000 };
        var (geometry, _) = PoolSpec.Parse("swiotlb").Resolve(known);
        Assert.Equal(("6.1", 32768, 2048, 0UL), (geometry.Kernel, geometry.Units, geometry.UnitBytes, geometry.Base));
    }

    [Fact]
    public void Another_page_keeps_the_bytes_of_the_window()
    {
        var known = new PoolGeometry { Kind = PoolKind.Tce, Kernel = "6.1", Units = 65536, UnitBytes = 4096 };
        Assert.Equal(4096, PoolSpec.Parse("tce(page=64KiB)").Resolve(known).Geometry.Units);
    }
}
