using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CmaRequestAboveAreaTests
{
    [Fact]
    public void More_than_the_area_has()
    {
        var said = Area(4096).Pages("cma-alloc-failed", 8100, ret: "-12").One("cma-request-above-area");
        Assert.Equal(Cause.Capacity, said.Cause);
        Assert.True(said.Confidence >= Conclusion.Proven);
    }

    [Fact]
    public void A_request_that_fits_the_empty_area() =>
        Area(16384).Pages("cma-alloc-failed", 8100, ret: "-12").Silent("cma-request-above-area");

    [Fact]
    public void An_area_that_was_never_reserved() =>
        Assert.Equal(Cause.PoolUnavailable, new LogScene(PoolKind.Cma).Beside("cma-missing").Pages("cma-alloc-failed", 10, ret: "-12").One("cma-request-above-area").Cause);

    private static LogScene Area(long pages)
    {
        var scene = new LogScene(PoolKind.Cma);
        return scene.Add(new PoolGeometryFact(PoolKind.Cma, scene.Next(), GeometryOrigin.Log) { Units = pages });
    }
}
