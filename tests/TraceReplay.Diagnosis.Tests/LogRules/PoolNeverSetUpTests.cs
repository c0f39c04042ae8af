using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class PoolNeverSetUpTests
{
    [Fact]
    public void The_kernel_says_that_there_is_none()
    {
        var said = new LogScene(PoolKind.Swiotlb).Failure("swiotlb-missing").One("pool-never-set-up");
        Assert.Equal(Cause.PoolUnavailable, said.Cause);
        Assert.NotEmpty(said.Doubts);
    }

    [Fact]
    public void The_boot_line_tells_why() =>
        Assert.Empty(new LogScene(PoolKind.Swiotlb).Beside("swiotlb-gone").Failure("swiotlb-missing").One("pool-never-set-up").Doubts);

    [Fact]
    public void A_full_pool_was_set_up() =>
        new LogScene(PoolKind.Swiotlb).Full(4096, 1024, 1024).Silent("pool-never-set-up");
}
