using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class DebugEntriesUsedUpTests
{
    [Fact]
    public void It_switched_itself_off()
    {
        var said = new LogScene(PoolKind.DmaDebug).Failure("dma-debug-exhausted").One("debug-entries-used-up");
        Assert.Equal(Cause.Capacity, said.Cause);
        Assert.Contains("no mapping failed", said.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pool_that_grew_goes_on() =>
        new LogScene(PoolKind.DmaDebug).Beside("dma-debug-grown", of: PoolKind.DmaDebug).Silent("debug-entries-used-up");
}
