using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class FreedWithOtherSizeTests
{
    [Fact]
    public void The_rest_is_lost() =>
        Assert.Equal(Cause.Leak, new LogScene(PoolKind.DmaDebug).Beside("dma-debug-error", "device driver frees DMA memory with different size [device address=0x1] [map size=8192 bytes] [unmap size=4096 bytes]", of: PoolKind.DmaDebug).One("freed-with-other-size").Cause);

    [Fact]
    public void A_mapping_whose_error_was_not_checked_is_no_leak() =>
        Assert.Null(new LogScene(PoolKind.DmaDebug).Beside("dma-debug-error", "device driver failed to check map error", of: PoolKind.DmaDebug).Diagnose());
}
