using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class DeviceBelowMemoryTests
{
    [Fact]
    public void A_mask_of_32_bits_is_why_it_bounces()
    {
        var said = new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "overflow", 8, ("mask", "ffffffff")).One("device-below-memory");
        Assert.Contains("leaves it at 32", said.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mask_of_64_bits_reaches_everything() =>
        new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "overflow", 8, ("mask", "ffffffffffffffff")).Silent("device-below-memory");
}
