using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CmaFreeRunsTests
{
    [Fact]
    public void Too_little_in_all_is_capacity() =>
        Assert.Equal((Cause.Capacity, 0.92), Decided(100, "10@0+20@50=> 30 free of 4096 total pages"));

    [Fact]
    public void Enough_in_pieces_is_fragmentation() =>
        Assert.Equal((Cause.Fragmentation, 0.92), Decided(25, "10@0+20@50=> 30 free of 4096 total pages"));

    [Fact]
    public void A_run_long_enough_was_busy() =>
        Assert.Equal((Cause.Fragmentation, 0.65), Decided(15, "10@0+20@50=> 30 free of 4096 total pages"));

    [Fact]
    public void A_list_cut_short_knows_only_the_sum()
    {
        Assert.Equal((Cause.Fragmentation, 0.65), Decided(25, "10@0+5@50+…", "=> 300 free of 4096 total pages"));
        new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", 25, ret: "-12").Beside("cma-holes", "number of available pages: 10@0+5@50+…").Silent("cma-free-runs");
    }

    [Fact]
    public void Hostile_lists_are_no_numbers() =>
        new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", 25, ret: "-12").Beside("cma-holes", "number of available pages: 99999999999999999999@+@@++=> free of total pages").Silent("cma-free-runs");

    private static (Cause Cause, double Confidence) Decided(long pages, string runs, string? more = null)
    {
        var scene = new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", pages, ret: "-16").Beside("cma-holes", "number of available pages: " + runs);
        var said = (more is null ? scene : scene.Beside("cma-free-total", more)).One("cma-free-runs");
        return (said.Cause, said.Confidence);
    }
}
