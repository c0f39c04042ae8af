using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class ShrinkingRequestsTests
{
    [Fact]
    public void A_driver_that_tries_again_with_less()
    {
        var said = new LogScene(PoolKind.Swiotlb).Full(65536, at: 1).Full(32768, at: 1.01).Full(16384, at: 1.02).One("shrinking-requests");
        Assert.Equal((ConclusionUse.Notes, 3), (said.Use, said.Lines!.Count));
    }

    [Fact]
    public void Equal_sizes_do_not_shrink() =>
        new LogScene(PoolKind.Swiotlb).Full(4096).Full(4096).Full(4096).Silent("shrinking-requests");

    [Fact]
    public void Requests_of_different_devices_are_not_one() =>
        new LogScene(PoolKind.Swiotlb).Full(65536, device: "a").Full(32768, device: "b").Full(16384, device: "c").Silent("shrinking-requests");
}
