using TraceReplay.Core;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Pools.Tests.Specs;

public class WhatIfSpecTests
{
    public static TheoryData<string, WhatIfChange> Changes => new()
    {
        { "pool.size=128MiB", new WhatIfChange.PoolSize(128L << 20) },
        { "pool.size = 128M", new WhatIfChange.PoolSize(128L << 20) },
        { "pool.areas=1", new WhatIfChange.PoolAreas(1) },
        { "without device=0000:05:00.0", new WhatIfChange.WithoutDevice("0000:05:00.0") },
        { "device(0000:05:00.0).max-outstanding=32", new WhatIfChange.MaxOutstanding("0000:05:00.0", 32) },
        { "device(0000:05:00.0).dma-mask=64", new WhatIfChange.DmaMask("0000:05:00.0", 64) },
        { "device(0000:05:00.0).dma-mask=32bit", new WhatIfChange.DmaMask("0000:05:00.0", 32) },
        { "max-mapping=256KiB", new WhatIfChange.MaxMapping(256 << 10) },
        { "lun-depth=3", new WhatIfChange.LunDepth(3) },
        { "smallest pool.size", new WhatIfChange.SmallestPoolSize() },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_is_read(string text, WhatIfChange expected) =>
        Assert.Equal([expected], WhatIfSpec.Parse(text).Changes);

    [Fact]
    public void Another_model_is_read()
    {
        var change = Assert.IsType<WhatIfChange.Model>(Assert.Single(WhatIfSpec.Parse("model=swiotlb(kernel=6.12, areas=2)").Changes));
        Assert.Equal((PoolKind.Swiotlb, "6.12", 2), (change.Pool.Kind, change.Pool.Kernel, change.Pool.Areas));
    }

    [Fact]
    public void Several_changes_are_one_what_if() => Assert.Equal(
        [new WhatIfChange.WithoutDevice("sda"), new WhatIfChange.PoolAreas(2)],
        WhatIfSpec.Parse("without device=sda, pool.areas=2").Changes);

    [Theory]
    [InlineData("pool.sise=1MiB", 0, "did you mean 'pool.size'?")]
    [InlineData("pool.size=x", 10, "")]
    [InlineData("pool.size=0", 10, "")]
    [InlineData("lun-depth=0", 10, "")]
    [InlineData("lun-dept=1", 0, "did you mean 'lun-depth'?")]
    [InlineData("pool.areas=6", 11, "the kernel rounds it up to 8")]
    [InlineData("without devices=a", 8, "did you mean 'device'?")]
    [InlineData("device(a).max-outstandin=1", 10, "did you mean 'max-outstanding'?")]
    [InlineData("device(a).max-outstanding=0", 26, "")]
    [InlineData("device(a).dma-mask=65", 19, "")]
    [InlineData("device(a)=1", 9, "")]
    [InlineData("device(=1", 7, "")]
    [InlineData("smallest pool.areas", 9, "")]
    [InlineData("model=swiotbl", 6, "did you mean 'swiotlb'?")]
    [InlineData("model=swiotlb(kernal=1)", 14, "did you mean 'kernel'?")]
    [InlineData("pool.size=1MiB,", 15, "")]
    [InlineData("pool.size", 9, "")]
    [InlineData("", 0, "")]
    public void An_error_points_at_the_word(string text, int position, string hint)
    {
        var error = Assert.Throws<SpecException>(() => WhatIfSpec.Parse(text));
        Assert.Equal((position, hint), (error.Position, error.Hint));
        Assert.NotEmpty(error.Expected);
    }
}
