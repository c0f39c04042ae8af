using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class QuarterOutOfReachTests
{
    [Fact]
    public void Small_requests_on_4_18() =>
        Assert.Contains("last quarter", new LogScene(PoolKind.Tce).Kernel("4.18.0-80.el8.ppc64le").Pages("tce-alloc-failed", 1, "a").One("quarter-out-of-reach").Because, StringComparison.Ordinal);

    [Fact]
    public void Later_kernels_reach_it_in_the_end() =>
        new LogScene(PoolKind.Tce).Kernel("6.1.0").Pages("tce-alloc-failed", 1, "a").Silent("quarter-out-of-reach");

    [Fact]
    public void Large_requests_have_it_to_themselves() =>
        new LogScene(PoolKind.Tce).Kernel("4.18.0").Pages("tce-alloc-failed", 16, "a").Silent("quarter-out-of-reach");
}
