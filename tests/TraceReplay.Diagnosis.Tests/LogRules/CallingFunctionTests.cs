using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CallingFunctionTests
{
    [Fact]
    public void The_trace_says_who_asked()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Full(4096)
            .Beside("call-trace", "Call Trace:", function: "mlx5e_sq_xmit", of: PoolKind.Swiotlb, fields: [("module", "mlx5_core")]);

        Assert.Contains("mlx5e_sq_xmit of mlx5_core: who asked", scene.One("calling-function").Because, StringComparison.Ordinal);
        Assert.Contains(scene.Diagnose().Evidence, e => e.Text.EndsWith("Call Trace:", StringComparison.Ordinal));
    }

    [Fact]
    public void A_trace_of_another_pool_is_not_this_ones() =>
        new LogScene(PoolKind.Swiotlb).Full(4096).Beside("call-trace", function: "x", of: PoolKind.Cma).Silent("calling-function");
}
