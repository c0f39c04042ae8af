using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class AddressesAboveFourGiBTests
{
    [Fact]
    public void Short_addresses_ran_out_once() => Assert.Contains("ran out for 0000:01:00.0", new LogScene(PoolKind.Driver)
        .Failure("driver-map-failed").Beside("iova-above-4gib", device: "0000:01:00.0").One("addresses-above-four-gib").Because, StringComparison.Ordinal);

    [Fact]
    public void Bounce_buffers_are_another_pool() => new LogScene(PoolKind.Swiotlb)
        .Full(4096).Beside("iova-above-4gib", device: "0000:01:00.0").Silent("addresses-above-four-gib");
}
