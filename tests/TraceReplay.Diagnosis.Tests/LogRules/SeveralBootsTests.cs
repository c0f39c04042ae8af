using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class SeveralBootsTests
{
    [Fact]
    public void The_first_failing_boot_is_named()
    {
        var scene = Scene(3);

        var conclusion = scene.One("several-boots");

        Assert.Equal(ConclusionUse.Notes, conclusion.Use);
        Assert.Equal("The log holds 3 boots; the first with failing lines is number 2 (from line 20, kernel 6.1.2). Failing lines by boot: 2: 1, 3: 2.", conclusion.Because);
        Assert.Contains("holds 3 boots", scene.Diagnose().Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void One_boot_is_not_worth_a_word() => Scene(1).Silent("several-boots");

    private static LogScene Scene(int boots)
    {
        var scene = new LogScene(PoolKind.Swiotlb);
        for (var boot = 1; boot <= boots; boot++)
        {
            scene.Add(new BootFact(boot, new SourceRef("dmesg", boot * 10)) { Kernel = $"6.1.{boot}" });
        }

        foreach (var boot in new[] { 2, 3, 3 })
        {
            scene.Add(new LogMessageFact("swiotlb-full", PoolKind.Swiotlb, true, boot, "swiotlb buffer is full", scene.Next()) { Boot = boot, Device = "0000:00:02.0" });
        }

        return scene;
    }
}
