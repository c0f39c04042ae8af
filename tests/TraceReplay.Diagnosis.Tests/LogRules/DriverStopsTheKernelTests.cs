using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class DriverStopsTheKernelTests
{
    [Fact]
    public void An_assertion_behind_a_refused_request() =>
        Assert.Contains("consequence", new LogScene(PoolKind.Tce).Pages("tce-alloc-failed", 32, "a").Beside("driver-bug-on-map-failure").One("driver-stops-the-kernel").Because, StringComparison.Ordinal);

    [Fact]
    public void Any_other_crash_is_a_fault_of_its_own()
    {
        var scene = new LogScene(PoolKind.Tce).Pages("tce-alloc-failed", 16).Beside("crash-after-map-failure", "Oops: Kernel access of bad area, sig: 11 [#1]");
        Assert.Contains("not shown to come from", scene.One("driver-stops-the-kernel").Because, StringComparison.Ordinal);
        Assert.Contains("fault of its own", scene.Diagnose().Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_crash_nothing_is_said() =>
        new LogScene(PoolKind.Tce).Pages("tce-alloc-failed", 16).Silent("driver-stops-the-kernel");
}
