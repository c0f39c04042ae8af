using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class ForcedBounceTests
{
    [Fact]
    public void The_command_line_says_so()
    {
        var scene = new LogScene(PoolKind.Swiotlb).CommandLine("quiet swiotlb=2048,force").Full(4096, 2048, 2041);
        Assert.Contains("needless-bounce", scene.One("forced-bounce").Because, StringComparison.Ordinal);
    }

    [Fact]
    public void Encrypted_memory_must_bounce()
    {
        var said = new LogScene(PoolKind.Swiotlb).Beside("swiotlb-in-use", "Memory encryption is active and system is using DMA bounce buffers").Full(4096, 2048, 2041).One("forced-bounce");
        Assert.DoesNotContain("needless", said.Because, StringComparison.Ordinal);
    }

    [Fact]
    public void A_size_alone_forces_nothing() =>
        new LogScene(PoolKind.Swiotlb).CommandLine("swiotlb=65536").Full(4096, 65536, 65536).Silent("forced-bounce");
}
