using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class FreedWhileInUseTests
{
    [Fact]
    public void A_table_taken_down_with_live_mappings_leaked() => Assert.Equal(Cause.Leak, new LogScene(PoolKind.Tce)
        .Pages("tce-alloc-failed", 16, "a").Beside("tce-leak", "iommu_free_table: Unexpected TCEs", of: PoolKind.Tce).One("freed-while-in-use").Cause);

    [Fact]
    public void Without_a_refused_request_it_is_no_incident() =>
        Assert.Null(new LogScene(PoolKind.Tce).Beside("tce-leak", of: PoolKind.Tce).Diagnose());

    [Fact]
    public void A_corrupt_block_is_no_leak() => new LogScene(PoolKind.Coherent).Failure("atomic-pool-exhausted")
        .Beside("dma-pool-error", "dma_pool_free x, 1 (bad dma)", of: PoolKind.Coherent).Silent("freed-while-in-use");
}
