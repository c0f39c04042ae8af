using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class DynamicPoolCannotGrowTests
{
    [Fact]
    public void Demand_above_what_could_be_added()
    {
        var said = new LogScene(PoolKind.Swiotlb).Full(32768, 2048, 3332).Beside("swiotlb-grow-failed").Conclusions("dynamic-pool-cannot-grow");
        Assert.Equal([ConclusionUse.Notes, ConclusionUse.Supports], said.Select(c => c.Use));
        Assert.Equal(Cause.Capacity, said[1].Cause);
    }

    [Fact]
    public void A_fixed_pool_does_not_grow() =>
        new LogScene(PoolKind.Swiotlb).Full(32768, 2048, 2040).Silent("dynamic-pool-cannot-grow");
}
