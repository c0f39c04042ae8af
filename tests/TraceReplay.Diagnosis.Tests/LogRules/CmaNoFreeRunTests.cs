using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CmaNoFreeRunTests
{
    [Fact]
    public void No_run_of_that_length() =>
        Assert.Equal((Cause.Capacity, 0.5), Said(2025));

    [Fact]
    public void Not_even_a_few_pages() =>
        Assert.Equal((Cause.Capacity, 0.65), Said(5));

    [Fact]
    public void Busy_pages_are_another_matter() =>
        new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", 5, ret: "-16").Silent("cma-no-free-run");

    private static (Cause Cause, double Confidence) Said(long pages)
    {
        var said = new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", pages, ret: "-12").One("cma-no-free-run");
        return (said.Cause, said.Confidence);
    }
}
