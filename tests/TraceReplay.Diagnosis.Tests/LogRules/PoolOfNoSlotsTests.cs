using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class PoolOfNoSlotsTests
{
    [Fact]
    public void Total_0_is_no_pool() =>
        Assert.Equal(Cause.PoolUnavailable, new LogScene(PoolKind.Swiotlb).Full(81, 0, 0).One("pool-of-no-slots").Cause);

    [Fact]
    public void A_small_pool_is_one() =>
        new LogScene(PoolKind.Swiotlb).Full(81, 128, 128).Silent("pool-of-no-slots");
}
