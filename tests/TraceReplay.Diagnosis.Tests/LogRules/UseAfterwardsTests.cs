using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class UseAfterwardsTests
{
    private static LogScene Read(long used, double at = 60, UsageMoment moment = UsageMoment.Sample)
    {
        var scene = new LogScene(PoolKind.Swiotlb).Full(4096, 1024, 1020, at: 50);
        return scene.Add(new UsageFact(PoolKind.Swiotlb, moment, moment == UsageMoment.Sample ? (long)(at * 1e9) : TraceEvent.NoTime, used, 1024, scene.Next()));
    }

    [Fact]
    public void What_came_back_was_demand() => Assert.Equal(Cause.Capacity, Read(100).One("use-afterwards").Cause);

    [Fact]
    public void What_stays_is_held_or_leaked() => Assert.Equal(ConclusionUse.Notes, Read(1000).One("use-afterwards").Use);

    [Fact]
    public void A_reading_from_before_tells_nothing()
    {
        Read(100, at: 40).Silent("use-afterwards");
        Read(100, moment: UsageMoment.BeforeTrace).Silent("use-afterwards");
        Assert.Equal(Cause.Capacity, Read(100, moment: UsageMoment.AfterTrace).One("use-afterwards").Cause);
    }
}
