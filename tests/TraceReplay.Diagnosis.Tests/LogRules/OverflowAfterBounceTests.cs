using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class OverflowAfterBounceTests
{
    [Fact]
    public void It_only_explains() =>
        Assert.Equal(ConclusionUse.Notes, new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "overflow 0x1+8 of DMA mask ffffffff bus mask 0").One("overflow-after-bounce").Use);

    [Fact]
    public void Nothing_is_said_of_other_words() =>
        new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "DMA addr 0x1+8 overflow (mask ffffffff, bus limit 0).").Silent("overflow-after-bounce");
}
