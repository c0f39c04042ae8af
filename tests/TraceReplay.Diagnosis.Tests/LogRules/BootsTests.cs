using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class BootsTests
{
    private static LogMessageFact At(long line, double seconds, int boot = 0) =>
        new("swiotlb-full", PoolKind.Swiotlb, true, (long)(seconds * 1e9), "full", new SourceRef("dmesg", line)) { Boot = boot, Bytes = 4096 };

    [Fact]
    public void Time_that_falls_back_is_another_boot() => Assert.Equal([0, 0, 1, 1],
        new LogScene(PoolKind.Swiotlb).Add(At(1, 50)).Add(At(2, 49.9)).Add(At(3, 5)).Add(At(4, 6)).Case.Lines.Select(l => l.Boot));

    [Fact]
    public void The_readers_numbers_go_before() => Assert.Equal([0, 1, 1],
        new LogScene(PoolKind.Swiotlb).Add(At(1, 5, 1)).Add(At(2, 50, 2)).Add(At(3, 2, 2)).Case.Lines.Select(l => l.Boot));
}
