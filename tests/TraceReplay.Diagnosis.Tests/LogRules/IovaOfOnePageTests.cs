using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class IovaOfOnePageTests
{
    [Fact]
    public void No_run_is_needed_for_one_page()
    {
        var said = new LogScene(PoolKind.Iova).Pages("iova-failed", 1, "a").Conclusions("iova-of-one-page");
        Assert.Equal([(ConclusionUse.Supports, Cause.Capacity), (ConclusionUse.Opposes, Cause.Fragmentation)], said.Select(c => (c.Use, c.Cause)));
    }

    [Fact]
    public void Many_pages_may_lack_a_run() =>
        new LogScene(PoolKind.Iova).Pages("iova-failed", 256, "a").Silent("iova-of-one-page");
}
