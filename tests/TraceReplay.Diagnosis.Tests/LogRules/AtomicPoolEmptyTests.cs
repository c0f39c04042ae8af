using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class AtomicPoolEmptyTests
{
    [Fact]
    public void The_small_pool_had_no_room() =>
        Assert.Equal(Cause.Capacity, new LogScene(PoolKind.Coherent).Failure("atomic-pool-exhausted").One("atomic-pool-empty").Cause);

    [Fact]
    public void It_was_never_set_up() =>
        Assert.Equal(Cause.PoolUnavailable, new LogScene(PoolKind.Coherent).Beside("atomic-pool-missing").Failure("atomic-pool-exhausted").One("atomic-pool-empty").Cause);

    [Fact]
    public void A_pool_whose_size_the_line_states_is_there() =>
        Assert.Equal(Cause.Capacity, new LogScene(PoolKind.Coherent).Beside("atomic-pool-missing").Failure("atomic-pool-exhausted", fields: [("kib", "1024")]).One("atomic-pool-empty").Cause);

    [Fact]
    public void A_driver_line_is_not_of_that_pool() =>
        new LogScene(PoolKind.Driver).Failure("driver-alloc-failed").Silent("atomic-pool-empty");
}
