using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class AddressWithoutPoolTests
{
    [Fact]
    public void These_words_mean_that_no_pool_was_active() =>
        Assert.Equal(Cause.PoolUnavailable, new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "DMA addr 0x1+8 overflow (mask ffffffff, bus limit 0).").One("address-without-pool").Cause);

    [Fact]
    public void A_panic_for_want_of_an_iommu() =>
        Assert.True(new LogScene(PoolKind.Gart).Failure("high-address-no-iommu").One("address-without-pool").Confidence >= Conclusion.Proven);

    [Fact]
    public void Other_overflow_words_do_not() =>
        new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "overflow 0x1+8 of DMA mask ffffffff bus mask 0").Silent("address-without-pool");
}
