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

    [Theory]
    [InlineData(true, Cause.Preallocation)]
    [InlineData(false, Cause.Capacity)]
    public void A_pool_that_could_not_be_expanded_is_short_of_what_luns_could_ask_for(bool told, Cause cause)
    {
        var said = new LogScene(PoolKind.ScsiDma).Beside("scsi-dma-not-expanded", fields: told ? [("wanted", "65520")] : []).Failure("scsi-dma-short").One("scsi-pool-short");
        Assert.Equal(cause, said.Cause);
        Assert.True(said.Confidence < 0.9);
        Assert.Equal(told, said.Because.Contains("65520", StringComparison.Ordinal));
    }

    [Fact]
    public void Other_pools_are_not_its() =>
        new LogScene(PoolKind.Swiotlb).Full(4096).Silent("scsi-pool-short");
}
