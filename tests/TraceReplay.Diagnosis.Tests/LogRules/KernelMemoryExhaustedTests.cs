using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class KernelMemoryExhaustedTests
{
    [Fact]
    public void Memory_ran_out_at_the_same_time() =>
        Assert.Equal(Cause.Capacity, new LogScene(PoolKind.Iova).Pages("iova-failed", 1, "a").Beside("callbacks-suppressed", suppressed: 66, function: "slab_out_of_memory").One("kernel-memory-exhausted").Cause);

    [Fact]
    public void Without_a_sign_nothing_is_said() =>
        new LogScene(PoolKind.Iova).Pages("iova-failed", 1, "a").Silent("kernel-memory-exhausted");
}
