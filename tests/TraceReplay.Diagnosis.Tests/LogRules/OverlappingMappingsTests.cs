using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class OverlappingMappingsTests
{
    [Fact]
    public void More_than_seven_at_once() =>
        Assert.Equal(Cause.Leak, new LogScene(PoolKind.DmaDebug).Beside("dma-debug-overlap", "exceeded 7 overlapping mappings of cacheline 0x1", of: PoolKind.DmaDebug).One("overlapping-mappings").Cause);

    [Fact]
    public void Tracking_that_is_not_supported_proves_nothing() =>
        new LogScene(PoolKind.DmaDebug).Beside("dma-debug-overlap", "cacheline tracking EEXIST, overlapping mappings aren't supported", of: PoolKind.DmaDebug).Silent("overlapping-mappings");
}
