using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class ManyReportersTests
{
    [Fact]
    public void Several_devices_within_seconds() =>
        Assert.Contains("a device that no line names", new LogScene(PoolKind.Swiotlb).Full(4096, device: "a", at: 1).Full(4096, device: "b", at: 2).One("many-reporters").Because, StringComparison.Ordinal);

    [Fact]
    public void One_device_is_not_several() =>
        new LogScene(PoolKind.Swiotlb).Full(4096, at: 1).Full(4096, at: 2).Silent("many-reporters");

    [Fact]
    public void Requests_that_can_never_fit_say_nothing_of_the_pool() =>
        new LogScene(PoolKind.Swiotlb).Full(524_288, 32768, 0, device: "a", at: 1).Full(524_288, 32768, 0, device: "b", at: 2).Silent("many-reporters");
}
