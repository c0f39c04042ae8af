using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class FailuresPauseTests
{
    [Fact]
    public void A_retrying_adapter_that_falls_silent_got_in() =>
        Assert.Equal(Cause.Capacity, Bursts("megaraid_sas").One("failures-pause").Cause);

    [Fact]
    public void A_driver_that_drops_its_requests_proves_nothing() =>
        Bursts("e1000").Silent("failures-pause");

    [Fact]
    public void Suppressed_lines_fill_the_silence()
    {
        var scene = Bursts("megaraid_sas");
        foreach (var at in new[] { 1.5, 3.5, 5.5 })
        {
            scene.Beside("callbacks-suppressed", at: at, suppressed: 40, function: "ppc_iommu_map_sg");
        }

        scene.Silent("failures-pause");
    }

    private static LogScene Bursts(string driver)
    {
        var scene = new LogScene(PoolKind.Tce);
        foreach (var at in new[] { 1, 1.01, 3, 3.01, 5, 5.01, 7 })
        {
            scene.Pages("tce-alloc-failed", 32, "0001:00:00.0", driver, at);
        }

        return scene;
    }
}
