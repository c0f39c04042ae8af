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

    [Fact]
    public void Another_kernel_is_only_suspected() =>
        Assert.True(Stuck("swiotlb_tbl_map_single").Kernel("6.12.1").One("lockup-in-allocator").Confidence < Conclusion.Proven);

    [Fact]
    public void A_cpu_stuck_elsewhere() =>
        Stuck("smp_call_function_many").Kernel("5.15.0").Silent("lockup-in-allocator");

    [Fact]
    public void A_trace_without_a_lockup() =>
        new LogScene(PoolKind.Swiotlb).Beside("cpu-at", function: "swiotlb_find_slots").Silent("lockup-in-allocator");

    private static LogScene Stuck(string function) =>
        new LogScene(PoolKind.Swiotlb).Beside("soft-lockup").Beside("cpu-at", function: function);
}
