using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class ScsiPoolShortTests
{
    [Fact]
    public void Tables_for_commands_not_in_flight()
    {
        var said = new LogScene(PoolKind.ScsiDma).Failure("scsi-dma-short").One("scsi-pool-short");
        Assert.Equal(Cause.Capacity, said.Cause);
        Assert.Contains(said.Doubts, d => d.Contains("preallocation", StringComparison.Ordinal));
    }

    [Fact]
    public void Other_pools_are_not_its() =>
        new LogScene(PoolKind.Swiotlb).Full(4096).Silent("scsi-pool-short");
}
