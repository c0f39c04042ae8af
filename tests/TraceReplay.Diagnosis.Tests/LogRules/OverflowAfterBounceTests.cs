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

    [Theory]
    [InlineData("0x0000000040898000", "7ffffffff", "3fffffff", "beyond what the device reaches (bus mask 3fffffff)")]
    [InlineData("0x0000000100000000", "ffffffff", "0", "beyond what the device reaches (DMA mask ffffffff)")]
    [InlineData("0x00000000fffff000", "ffffffff", "0", "beyond what the device reaches (DMA mask ffffffff)")]
    [InlineData("0x0000000000898000", "7ffffffff", "3fffffff", "the bounce was forced")]
    public void It_tells_why_the_buffer_was_bounced(string addr, string mask, string bus, string says) => Assert.Contains(says,
        new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", $"overflow {addr}+8192 of DMA mask {mask} bus mask {bus}", 8192, ("addr", addr), ("mask", mask), ("limit", bus))
            .One("overflow-after-bounce").Because, StringComparison.Ordinal);

    [Fact]
    public void Without_its_numbers_it_tells_nothing_of_reach() =>
        Assert.EndsWith("a wrong mask.", new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "overflow 0x1+8 of DMA mask ffffffff bus mask 0").One("overflow-after-bounce").Because, StringComparison.Ordinal);
}
