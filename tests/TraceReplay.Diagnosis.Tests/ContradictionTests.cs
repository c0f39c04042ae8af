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

    // What the user says of a pool is not dropped where there is nothing to replay, whatever the kind.
    [Theory]
    [InlineData(null, 262_144, GeometryOrigin.Option, false)]
    [InlineData(65_536L, 65_536, GeometryOrigin.Log, true)]
    [InlineData(262_144L, 262_144, GeometryOrigin.Log, false)]
    public void A_table_known_from_a_log_has_the_size_that_is_told(long? logged, long units, GeometryOrigin origin, bool contradicts)
    {
        var facts = new CaseFacts();
        facts.Add(new LogMessageFact("tce-alloc-failed", PoolKind.Tce, true, 1, "iommu_alloc failed", new SourceRef("dmesg", 1)) { Pages = 16, TotalUnits = logged });
        var report = Report(facts, PoolSpec.Parse("tce(window=1GiB)"));
        Assert.Equal((units, origin), (Assert.Single(report.Pools).Units, report.Pools[0].GeometryFrom));
        Assert.Equal(contradicts, report.Warnings.Any(w => w.Code == "TR0310" && w.Message.Contains("262144 entries, the log says 65536", StringComparison.Ordinal)));
    }

    [Fact]
    public void An_area_has_the_size_of_its_boot_line()
    {
        var facts = new CaseFacts();
        facts.Add(new PoolGeometryFact(PoolKind.Cma, new SourceRef("dmesg", 1), GeometryOrigin.Log) { Units = 16_384, UnitBytes = 4096 });
        facts.Add(new LogMessageFact("cma-alloc-failed", PoolKind.Cma, true, 1, "cma_alloc failed", new SourceRef("dmesg", 2)) { Pages = 16 });
        Assert.Equal((16_384, 4096, GeometryOrigin.Log), (Report(facts).Pools.Single().Units, Report(facts).Pools.Single().UnitBytes, Report(facts).Pools.Single().GeometryFrom));
    }

    // Two kernels in one folder: a replay whose places agree with the trace is right whatever the logs say, another is not.
    [Theory]
    [InlineData(100, 100, 0.95)]
    [InlineData(100, 40, 0.81)]
    [InlineData(0, 0, 0.81)]
    public void A_replay_is_as_sure_as_its_places_agree(long compared, long equal, double confidence)
    {
        var incident = new Incident { Id = 1, Pool = 1, PoolKind = PoolKind.Swiotlb, FromTrace = true, Cause = Cause.Capacity, Confidence = 0.95, Failures = 1 };
        Assert.Equal(confidence, Contradictions.Lower(incident, new Fidelity(100, compared, equal, string.Empty)).Confidence);
    }
}
