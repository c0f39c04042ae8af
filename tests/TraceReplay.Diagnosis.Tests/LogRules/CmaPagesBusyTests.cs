using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CmaPagesBusyTests
{
    [Fact]
    public void Busy_alone_decides_nothing()
    {
        var scene = new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", 128, ret: "-16");
        Assert.Equal(ConclusionUse.Notes, scene.One("cma-pages-busy").Use);
        Assert.Equal(Cause.Unknown, scene.Diagnose().Cause);
    }

    [Fact]
    public void No_run_is_not_busy() =>
        new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", 128, ret: "-12").Silent("cma-pages-busy");
}
