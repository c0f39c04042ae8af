using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class RequestAboveSegmentLimitTests
{
    [Fact]
    public void A_request_above_256_KiB_can_never_fit()
    {
        var said = new LogScene(PoolKind.Swiotlb).Full(262_145, 32768, 0).Full(4096, 32768, 32768).One("request-above-segment-limit");
        Assert.Equal((Cause.SegmentLimit, 0.99, 1), (said.Cause, said.Confidence, said.Lines!.Count));
    }

    [Fact]
    public void A_request_of_256_KiB_may_fit() =>
        new LogScene(PoolKind.Swiotlb).Full(262_144, 32768, 0).Silent("request-above-segment-limit");

    [Fact]
    public void A_coherent_request_is_not_bound_by_the_segments() =>
        new LogScene(PoolKind.Swiotlb).Full(2_097_152, family: "swiotlb-coherent").Silent("request-above-segment-limit");
}
