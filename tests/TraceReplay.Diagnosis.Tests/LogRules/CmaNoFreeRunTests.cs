using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CmaNoFreeRunTests
{
    // With the area's size told, a part of it counts instead of 2 MiB.
    [Theory]
    [InlineData(5, null, Cause.Capacity, 0.65)]
    [InlineData(512, null, Cause.Capacity, 0.5)]
    [InlineData(512, 65_536L, Cause.Capacity, 0.5)]
    [InlineData(2025, 65_536L, Cause.Capacity, 0.5)]
    [InlineData(5000, 8192L, Cause.Capacity, 0.6)]
    public void No_run_of_that_length(long pages, long? area, Cause cause, double confidence)
    {
        var said = Scene(pages, area).One("cma-no-free-run");
        Assert.Equal((cause, confidence), (said.Cause, said.Confidence));
    }

    // As lacking in a full area as in one in pieces: both are said, none is named.
    [Theory]
    [InlineData(2025, null)]
    [InlineData(2025, 8192L)]
    public void A_long_run_is_lacking_for_either_reason(long pages, long? area)
    {
        var scene = Scene(pages, area);
        Assert.Equal([Cause.Capacity, Cause.Fragmentation], scene.Conclusions("cma-no-free-run").Select(c => c.Cause));
        var incident = scene.Diagnose();
        Assert.Equal(Cause.Unknown, incident.Cause);
        Assert.Contains("full or in pieces", incident.Verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_the_area_has_is_another_rule() => Scene(9000, 8192).Silent("cma-no-free-run");

    [Fact]
    public void Busy_pages_are_another_matter() =>
        new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", 5, ret: "-16").Silent("cma-no-free-run");

    private static LogScene Scene(long pages, long? area)
    {
        var scene = new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", pages, ret: "-12");
        return area is null ? scene : scene.Add(new PoolGeometryFact(PoolKind.Cma, scene.Next(), GeometryOrigin.Log) { Units = area, UnitBytes = 4096 });
    }
}
