using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class UseComesBackDownTests
{
    [Fact]
    public void What_falls_was_given_back()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Full(32768, 1024, 1019).Full(32768, 1024, 998).Full(32768, 1024, 1017).Full(32768, 1024, 976);
        Assert.Equal(Cause.Capacity, scene.One("use-comes-back-down").Cause);
    }

    [Fact]
    public void One_request_given_back_is_no_fall() =>
        new LogScene(PoolKind.Swiotlb).Full(4096, 2048, 2046).Full(4096, 2048, 2041).Full(4096, 2048, 2046).Full(4096, 2048, 2041).Silent("use-comes-back-down");

    [Fact]
    public void A_floor_that_rises_is_no_demand() =>
        new LogScene(PoolKind.Swiotlb).Full(4096, 1024, 900).Full(4096, 1024, 850).Full(4096, 1024, 1024).Full(4096, 1024, 980).Silent("use-comes-back-down");

    [Fact]
    public void Use_is_not_compared_across_boots()
    {
        new LogScene(PoolKind.Swiotlb).Full(4096, 1024, 1020, at: 5000).Full(4096, 1024, 1020, at: 5001)
            .Full(4096, 1024, 900, at: 100).Full(4096, 1024, 900, at: 101).Silent("use-comes-back-down");
    }
}
