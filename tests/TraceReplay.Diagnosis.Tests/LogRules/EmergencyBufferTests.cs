using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class EmergencyBufferTests
{
    [Fact]
    public void The_panic_is_exhaustions_own()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Failure("swiotlb-corruption-panic");
        Assert.Equal(ConclusionUse.Notes, scene.One("emergency-buffer").Use);
        Assert.Equal(Cause.Unknown, scene.Diagnose().Cause);
    }

    [Fact]
    public void A_refused_mapping_is_no_panic() =>
        new LogScene(PoolKind.Swiotlb).Full(4096).Silent("emergency-buffer");
}
