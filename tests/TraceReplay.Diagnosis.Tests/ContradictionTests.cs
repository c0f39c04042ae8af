using TraceReplay.Core;
using TraceReplay.Pools.Specs;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis.Tests;

public class ContradictionTests
{
    private static CaseFacts Facts(params Fact[] more)
    {
        var facts = new CaseFacts();
        long[] used = [1019, 998, 1017, 940];
        for (var i = 0; i < used.Length; i++)
        {
            facts.Add(new LogMessageFact("swiotlb-full", PoolKind.Swiotlb, true, i, "full", new SourceRef("dmesg", i + 1))
            {
                Device = "a", Bytes = 32768, TotalUnits = 1024, UsedUnits = used[i],
            });
        }

        foreach (var fact in more)
        {
            facts.Add(fact);
        }

        return facts;
    }

    private static AnalysisReport Report(CaseFacts facts, params PoolSpec[] pools) =>
        new CaseDiagnosis(new OperationLog(), facts, new DiagnosisOptions { Pools = pools }).Run();

    [Fact]
    public void Two_kernels_are_both_shown_and_lower_the_confidence()
    {
        var alone = Report(Facts()).Incidents[0];
        var report = Report(Facts(
            new MachineFact(new SourceRef("a.log", 1)) { KernelRelease = "6.1.0-56-amd64" },
            new MachineFact(new SourceRef("b.log", 1)) { KernelRelease = "5.15.0-91-generic" }));
        var warning = Assert.Single(report.Warnings, w => w.Code == "TR0308");
        Assert.Contains("6.1.0-56-amd64", warning.Message, StringComparison.Ordinal);
        Assert.Contains("5.15.0-91-generic", warning.Message, StringComparison.Ordinal);
        Assert.Equal(alone.Cause, report.Incidents[0].Cause);
        Assert.True(report.Incidents[0].Confidence < alone.Confidence);
    }

    [Fact]
    public void One_kernel_told_twice_is_no_contradiction() => Assert.DoesNotContain(
        Report(Facts(
            new MachineFact(new SourceRef("a.log", 1)) { KernelRelease = "6.1.0" },
            new MachineFact(new SourceRef("b.log", 1)) { KernelRelease = "6.1.0-56-amd64" })).Warnings,
        w => w.Code == "TR0308");

    [Fact]
    public void The_size_of_the_option_and_that_of_the_log_are_both_shown()
    {
        var report = Report(Facts(), PoolSpec.Parse("swiotlb(kernel=6.1, slabs=2048)"));
        var warning = Assert.Single(report.Warnings, w => w.Code == "TR0310");
        Assert.Contains("2048 slots, the log says 1024", warning.Message, StringComparison.Ordinal);
        Assert.True(report.Incidents[0].Confidence < Report(Facts()).Incidents[0].Confidence);
    }

    [Fact]
    public void A_boot_line_of_another_size_is_said() => Assert.Contains(
        Report(Facts(new PoolGeometryFact(PoolKind.Swiotlb, new SourceRef("dmesg", 1), GeometryOrigin.Log) { Units = 32768 })).Warnings,
        w => w.Code == "TR0309");
}
