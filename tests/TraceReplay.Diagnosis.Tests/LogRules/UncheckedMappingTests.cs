using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class UncheckedMappingTests
{
    private const string Words = "device driver failed to check map error[device address=0x1] [size=8 bytes] [mapped as single]";

    [Fact]
    public void A_driver_that_does_not_check() => Assert.Contains("does not check", new LogScene(PoolKind.Swiotlb)
        .Full(4096, 1024, 1024).Beside("dma-debug-error", Words, device: "0000:00:03.0", of: PoolKind.DmaDebug).One("unchecked-mapping").Because, StringComparison.Ordinal);

    [Fact]
    public void Alone_it_is_no_incident() =>
        Assert.Null(new LogScene(PoolKind.Swiotlb).Beside("dma-debug-error", Words, of: PoolKind.DmaDebug).Diagnose());

    [Fact]
    public void Other_faults_are_another_matter() => new LogScene(PoolKind.Swiotlb)
        .Full(4096, 1024, 1024).Beside("dma-debug-error", "different size", of: PoolKind.DmaDebug).Silent("unchecked-mapping");
}
