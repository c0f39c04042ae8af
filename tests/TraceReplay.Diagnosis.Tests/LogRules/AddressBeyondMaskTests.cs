using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class AddressBeyondMaskTests
{
    [Fact]
    public void A_slot_that_the_device_cannot_reach() =>
        Assert.Equal(Cause.MaskLimit, new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "swiotlb addr 0x1+8 overflow (mask ffffff, bus limit 0).").One("address-beyond-mask").Cause);

    [Fact]
    public void The_words_of_5_2_to_5_9_prove_nothing() =>
        new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "overflow 0x1+8 of DMA mask ffffffff bus mask 0").Silent("address-beyond-mask");
}
