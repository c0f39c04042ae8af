using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class RequestAtSegmentLimitTests
{
    [Fact]
    public void An_offset_makes_a_full_segment_one_slot_too_long() =>
        Assert.Equal(Cause.SegmentLimit, new LogScene(PoolKind.Swiotlb).Full(262_144, 32768, 128).One("request-at-segment-limit").Cause);

    [Fact]
    public void In_a_pool_in_use_the_segments_may_just_be_taken() =>
        new LogScene(PoolKind.Swiotlb).Full(262_144, 1024, 528).Silent("request-at-segment-limit");
}
