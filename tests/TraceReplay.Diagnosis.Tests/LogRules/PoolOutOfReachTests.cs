using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class PoolOutOfReachTests
{
    [Fact]
    public void An_old_kernel_with_its_pool_above_4_GiB_fails_without_a_line()
    {
        var scene = Placed(0x1_0446_6000, "Placing software IO TLB between 0x104466000 - 0x108466000");
        Assert.Equal((Cause.MaskLimit, 0L), (scene.Diagnose().Cause, scene.Diagnose().Failures));
    }

    [Fact]
    public void A_later_kernel_may_do_so_on_purpose()
    {
        Assert.True(Placed(0x1_0446_6000, "software IO TLB: mapped [mem 0x104466000-0x108466000] (64MB)").One("pool-out-of-reach").Confidence < 0.45);
        Assert.Null(Placed(0x1_0446_6000, "software IO TLB: mapped [mem 0x104466000-0x108466000] (64MB)").Diagnose());
    }

    [Fact]
    public void A_pool_below_4_GiB_is_in_reach() =>
        Placed(0x0482_1000, "Placing software IO TLB between 0x4821000 - 0x8821000").Silent("pool-out-of-reach");

    private static LogScene Placed(ulong at, string text)
    {
        var scene = new LogScene(PoolKind.Swiotlb);
        var source = scene.Next();
        return scene.Add(new PoolGeometryFact(PoolKind.Swiotlb, source, GeometryOrigin.Log) { Base = at })
            .Add(new LogMessageFact("swiotlb-geometry", PoolKind.Swiotlb, false, 0, text, source));
    }
}
