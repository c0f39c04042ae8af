using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>The logs of January 2006 that this project began with (spec iommu-pools.md 1.10): 16,000 LUNs on lpfc filled the TCE
/// table of a pSeries partition.</summary>
public class OriginIncidentTests
{
    [Fact]
    public void True_failures_are_lines_and_suppressed()
    {
        var facts = Reading.Fixtures("syslog.wild_014.txt").Of<LogMessageFact>().ToArray();
        var failures = facts.Where(f => f.IsFailure).ToArray();
        var suppressed = facts.Where(f => f.Family == "messages-suppressed").ToArray();

        Assert.Equal(17, failures.Length);
        Assert.All(failures, f => Assert.Equal(
            ("tce-alloc-failed", PoolKind.Tce, 16L, "c00000000263c480"), (f.Family, f.Kind, f.Pages!.Value, f.Fields["table"])));
        Assert.Equal([415, 430, 481, 530, 542, 359], suppressed.Select(f => f.Suppressed!.Value));
        Assert.All(suppressed, f => Assert.Equal((PoolKind.Tce, "tce-alloc-failed"), (f.Kind, f.Fields["of"])));
        Assert.Equal(2774, failures.Length + suppressed.Sum(f => f.Suppressed!.Value));
    }

    [Fact]
    public void Table_size_and_use_belong_to_the_failure_before_them()
    {
        var facts = Reading.Fixtures("syslog.wild_159.txt").Of<LogMessageFact>().ToArray();
        var failures = facts.Where(f => f.IsFailure).ToArray();

        Assert.Equal(18, failures.Length);
        Assert.Equal(
            [62153, 63150, 62768, 59038, 63714, 64498, 64512, 64497, 64614, 65490, 64792, 64043, 61016, 63306, 63203, 63858, 58200, 65362],
            failures.Select(f => f.UsedUnits!.Value));
        Assert.All(failures, f => Assert.Equal(0x10000, f.TotalUnits));
        Assert.Equal([16, 14, 14, 16, 16, 16, 16, 16, 16, 16, 14, 16, 16, 16, 16, 16, 16, 16], failures.Select(f => f.Pages!.Value));
        Assert.Equal(11_215, facts.Sum(f => f.Suppressed ?? 0));

        // The first line's failure is not in the log: its use stands alone.
        Assert.Equal((1L, "tce-table-use", 63314L), (facts[0].Source.Line, facts[0].Family, facts[0].UsedUnits!.Value));
    }

    [Fact]
    public void Quoted_twice_it_is_the_same_message()
    {
        var fact = Assert.Single(Reading.Fixtures("plain-log.wild_015.txt").Of<LogMessageFact>(), f => f.IsFailure);

        Assert.Equal((3L, true, 16L, "c00000000263c480"), (fact.Source.Line, fact.IsFailure, fact.Pages!.Value, fact.Fields["table"]));
    }

    [Fact]
    public void The_crash_behind_them_is_told_but_not_as_a_failure()
    {
        var crash = Reading.Fixtures("syslog.wild_014.txt").Of<LogMessageFact>().Where(f => f.Family == "crash-after-map-failure").ToArray();

        Assert.NotEmpty(crash);
        Assert.All(crash, f => Assert.Equal((false, string.Empty, string.Empty), (f.IsFailure, f.Device, f.Driver)));
    }
}
