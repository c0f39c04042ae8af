using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class EveryMappingThroughOneMapTests
{
    [Theory]
    [InlineData(PoolKind.Sba, "sba-out")]
    [InlineData(PoolKind.Calgary, "calgary-full")]
    [InlineData(PoolKind.Unknown, "sparc-alloc-failed")]
    public void Demand_is_the_usual_cause(PoolKind kind, string family) =>
        Assert.Equal(Cause.Capacity, new LogScene(kind).Failure(family).One("every-mapping-through-one-map").Cause);

    [Fact]
    public void An_aperture_serves_only_devices_that_need_it() =>
        new LogScene(PoolKind.Gart).Failure("gart-out", bytes: 53_248).Silent("every-mapping-through-one-map");
}
