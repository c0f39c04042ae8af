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
    public void A_driver_that_leaves_its_device_at_32_bits_says_so()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Full(4096, 32768, 32700).Beside("dma-mask-32", "controller can't do 64bit DMA, forcing 32bit", device: "0000:00:12.0");
        Assert.Contains("0000:00:12.0 is left at 32 bits", scene.One("device-below-memory").Because, StringComparison.Ordinal);
        new LogScene(PoolKind.Tce).Pages("tce-failed", 16).Beside("dma-mask-32", device: "0000:00:12.0").Silent("device-below-memory");
    }

    [Fact]
    public void A_mask_of_64_bits_reaches_everything() =>
        new LogScene(PoolKind.Swiotlb).Failure("swiotlb-overflow", "overflow", 8, ("mask", "ffffffffffffffff")).Silent("device-below-memory");
}
