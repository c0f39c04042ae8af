using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class PendingAtUnbindTests
{
    [Fact]
    public void The_kernel_counted_what_was_left_behind()
    {
        var scene = new LogScene(PoolKind.DmaDebug).Beside("dma-debug-pending", of: PoolKind.DmaDebug, device: "0000:83:00.0", fields: [("count", "3")]);
        Assert.Contains("count=3", scene.One("pending-at-unbind").Because, StringComparison.Ordinal);
        Assert.Equal((Cause.Leak, "0000:83:00.0"), (scene.Diagnose().Cause, scene.Diagnose().Reporters[0].Device));
    }

    [Fact]
    public void Other_faults_are_no_leak() =>
        new LogScene(PoolKind.DmaDebug).Beside("dma-debug-error", "device driver failed to check map error", of: PoolKind.DmaDebug).Silent("pending-at-unbind");
}
