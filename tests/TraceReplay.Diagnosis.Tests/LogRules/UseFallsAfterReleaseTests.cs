using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class UseFallsAfterReleaseTests
{
    [Fact]
    public void The_device_that_went_away_held_the_difference()
    {
        var said = new LogScene(PoolKind.Swiotlb).Full(4096, 1024, 1024, at: 1).Beside("device-gone", at: 2, device: "0000:05:00.0").Full(65536, 1024, 200, at: 3).One("use-falls-after-release");
        Assert.Contains("0000:05:00.0", said.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_release_nothing_is_said() =>
        new LogScene(PoolKind.Swiotlb).Full(4096, 1024, 1024, at: 1).Full(65536, 1024, 200, at: 3).Silent("use-falls-after-release");
}
