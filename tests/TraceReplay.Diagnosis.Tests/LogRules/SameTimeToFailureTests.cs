using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class SameTimeToFailureTests
{
    [Fact]
    public void Boots_that_fail_after_the_same_time()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Full(9100, at: 4108).Full(9100, at: 4120).Full(9100, at: 3850);
        Assert.Equal(Cause.Leak, scene.One("same-time-to-failure").Cause);
    }

    [Fact]
    public void One_boot_tells_nothing() =>
        new LogScene(PoolKind.Swiotlb).Full(9100, at: 4108).Full(9100, at: 5000).Silent("same-time-to-failure");

    [Fact]
    public void Failing_at_once_is_no_growth() =>
        new LogScene(PoolKind.Swiotlb).Full(9100, at: 30).Full(9100, at: 20).Silent("same-time-to-failure");
}
