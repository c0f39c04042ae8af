using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CoherentAllocationTests
{
    [Fact]
    public void It_decides_nothing()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Failure("swiotlb-coherent", bytes: 11_993_088);
        Assert.Contains("larger swiotlb= does not help", scene.One("coherent-allocation").Because, StringComparison.Ordinal);
        Assert.Equal(Cause.Unknown, scene.Diagnose().Cause);
    }

    [Fact]
    public void Streaming_mappings_are_another_matter() =>
        new LogScene(PoolKind.Swiotlb).Full(4096).Silent("coherent-allocation");
}
