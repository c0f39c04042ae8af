using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CoherentTableRequestTooLargeTests
{
    [Fact]
    public void No_window_helps() =>
        Assert.Equal(Cause.SegmentLimit, new LogScene(PoolKind.Tce).Failure("tce-coherent-too-large").One("coherent-table-request-too-large").Cause);

    [Fact]
    public void A_refused_mapping_is_not_too_large() =>
        new LogScene(PoolKind.Tce).Pages("tce-alloc-failed", 16).Silent("coherent-table-request-too-large");
}
