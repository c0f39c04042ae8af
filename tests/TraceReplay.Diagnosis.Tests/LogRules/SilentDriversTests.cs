using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class SilentDriversTests
{
    [Fact]
    public void Silence_proves_nothing()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Full(4096, 1024, 1024);
        scene.Add(new DeviceFact("0000:00:04.0", scene.Next()) { Driver = "nvme" });
        Assert.Contains("nvme says nothing", scene.One("silent-drivers").Because, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_such_a_driver_nothing_is_said() =>
        new LogScene(PoolKind.Swiotlb).Full(4096, 1024, 1024).Silent("silent-drivers");
}
