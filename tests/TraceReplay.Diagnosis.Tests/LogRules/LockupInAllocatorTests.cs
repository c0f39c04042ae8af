using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class LockupInAllocatorTests
{
    [Fact]
    public void A_kernel_whose_search_can_go_round_for_ever()
    {
        var scene = Stuck("swiotlb_find_slots").Kernel("5.15.0-91-generic");
        Assert.True(scene.One("lockup-in-allocator").Confidence >= Conclusion.Proven);
        Assert.Equal((Cause.Livelock, 0L), (scene.Diagnose().Cause, scene.Diagnose().Failures));
    }

    [Theory]
    [InlineData("4.18.0-553.el8.x86_64", Cause.Livelock)]
    [InlineData("6.12.1", Cause.Unknown)]
    [InlineData("6.1.30", Cause.Unknown)]
    public void Another_kernel_is_only_suspected_and_one_whose_search_ends_is_not(string release, Cause cause)
    {
        var scene = Stuck("swiotlb_tbl_map_single").Kernel(release);
        Assert.True(scene.One("lockup-in-allocator").Confidence < Conclusion.Proven);
        Assert.Equal(cause, scene.Diagnose().Cause);
    }

    [Fact]
    public void A_cpu_stuck_elsewhere() =>
        Stuck("smp_call_function_many").Kernel("5.15.0").Silent("lockup-in-allocator");

    [Fact]
    public void A_trace_without_a_lockup() =>
        new LogScene(PoolKind.Swiotlb).Beside("cpu-at", function: "swiotlb_find_slots").Silent("lockup-in-allocator");

    private static LogScene Stuck(string function) =>
        new LogScene(PoolKind.Swiotlb).Beside("soft-lockup").Beside("cpu-at", function: function);
}
