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

    // A host whose own memory is encrypted (SME) bounces only what a device's mask cannot reach.
    [Theory]
    [InlineData("Memory Encryption Features active: AMD SEV SEV-ES", true)]
    [InlineData("Memory Encryption Features active: Intel TDX", true)]
    [InlineData("Memory Encryption Features active: AMD SME", false)]
    public void A_guest_says_at_boot_that_its_memory_is_encrypted(string text, bool mustBounce) =>
        Assert.Equal(mustBounce ? 1 : 0, new LogScene(PoolKind.Swiotlb).Beside("memory-encryption", text).Full(4096, 2048, 2041).Conclusions("forced-bounce").Count);

    [Fact]
    public void A_size_alone_forces_nothing() =>
        new LogScene(PoolKind.Swiotlb).CommandLine("swiotlb=65536").Full(4096, 65536, 65536).Silent("forced-bounce");
}
