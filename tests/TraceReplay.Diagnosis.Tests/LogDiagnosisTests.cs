using TraceReplay.Core;
using TraceReplay.Diagnosis.Advice;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis.Tests;

public class LogDiagnosisTests
{
    private static Incident Diagnose(params (long Bytes, long Total, long Used, string Device)[] lines)
    {
        var facts = new CaseFacts();
        var time = 0L;
        foreach (var (bytes, total, used, device) in lines)
        {
            time += 10_000_000;
            facts.Add(new LogMessageFact("swiotlb-full", PoolKind.Swiotlb, true, time, "swiotlb buffer is full", new SourceRef("dmesg", time))
            {
                Device = device, Driver = "drv", Bytes = bytes, TotalUnits = total, UsedUnits = used,
            });
        }

        return LogDiagnosis.Incident(1, 1, PoolKind.Swiotlb, facts, FailureFilter.All)!;
    }

    [Fact]
    public void A_request_above_256_KiB_is_the_segment_limit_whatever_is_free()
    {
        var incident = Diagnose((3145728, 32768, 0, "a"));
        Assert.Equal(Cause.SegmentLimit, incident.Cause);
        var advised = IncidentAdvice.Complete(incident, new CaseFacts(), null, KnownIssueCatalog.Shared);
        Assert.Contains(advised.Remedies, r => r is { Kind: "useless" } && r.Note.Contains("No swiotlb= size helps", StringComparison.Ordinal));
    }

    [Fact]
    public void A_reporter_is_never_named_the_culprit()
    {
        var incident = Diagnose((4096, 2048, 2041, "a"), (4096, 2048, 2041, "a"), (4096, 2048, 2046, "b"));
        Assert.False(incident.FromTrace);
        Assert.Empty(incident.Culprits);
        Assert.Equal([2, 1], incident.Reporters.Select(r => r.Failures));
        Assert.Contains("Who holds the pool is not in the log", incident.Verdict, StringComparison.Ordinal);
        Assert.NotEmpty(IncidentAdvice.Complete(incident, new CaseFacts(), null, KnownIssueCatalog.Shared).NextCapture);
    }

    [Fact]
    public void A_driver_that_reports_by_itself_is_a_reporter_too()
    {
        var facts = new CaseFacts();
        facts.Add(new LogMessageFact("swiotlb-full", PoolKind.Swiotlb, true, 1, "full", new SourceRef("dmesg", 1))
        {
            Device = "hba", Bytes = 4096, TotalUnits = 2048, UsedUnits = 2041,
        });
        facts.Add(new LogMessageFact("driver-map-failed", PoolKind.Driver, true, 2, "TX DMA map failed", new SourceRef("dmesg", 2)) { Device = "nic" });
        var incident = LogDiagnosis.Incident(1, 1, PoolKind.Swiotlb, facts, FailureFilter.All)!;
        Assert.Equal("hba nic", string.Join(" ", incident.Reporters.Select(r => r.Device)));
        Assert.Equal(1, incident.Failures);
    }

    [Fact]
    public void Mappings_pending_at_unbind_are_a_leak_of_that_driver()
    {
        var facts = new CaseFacts();
        facts.Add(new LogMessageFact("dma-debug-pending", PoolKind.DmaDebug, false, 1,
            "device driver has pending DMA allocations while released from device [count=1]", new SourceRef("dmesg", 7))
        { Device = "0000:83:00.0" });
        var report = new CaseDiagnosis(new OperationLog(), facts, new DiagnosisOptions()).Run();
        var incident = Assert.Single(report.Incidents);
        Assert.Equal((Cause.Leak, "0000:83:00.0"), (incident.Cause, incident.Reporters[0].Device));
        Assert.Equal(7, incident.Evidence[0].Source.Line);
    }

    [Theory]
    [InlineData("swiotlb-missing", "Can not allocate SWIOTLB buffer earlier", Cause.PoolUnavailable)]
    [InlineData("swiotlb-overflow", "swiotlb addr 0x1+4096 overflow (mask ffffffff, bus limit 0).", Cause.MaskLimit)]
    [InlineData("swiotlb-overflow", "overflow 0x1+4096 of DMA mask ffffffff bus mask 0", Cause.Unknown)]
    public void A_family_proves_what_it_says(string family, string text, Cause cause)
    {
        var facts = new CaseFacts();
        facts.Add(new LogMessageFact(family, PoolKind.Swiotlb, true, 1, text, new SourceRef("dmesg", 1)));
        Assert.Equal(cause, LogDiagnosis.Incident(1, 1, PoolKind.Swiotlb, facts, FailureFilter.All)!.Cause);
    }

    [Fact]
    public void A_coherent_allocation_is_not_bound_by_the_segments()
    {
        var facts = new CaseFacts();
        facts.Add(new LogMessageFact("swiotlb-coherent", PoolKind.Swiotlb, true, 1, "coherent allocation failed", new SourceRef("dmesg", 1))
        {
            Bytes = 11993088,
        });
        Assert.Equal(Cause.Unknown, LogDiagnosis.Incident(1, 1, PoolKind.Swiotlb, facts, FailureFilter.All)!.Cause);
    }

    [Fact]
    public void A_pool_of_no_slots_was_never_set_up() =>
        Assert.Equal(Cause.PoolUnavailable, Diagnose((4096, 0, 0, "a")).Cause);

    [Fact]
    public void Room_enough_by_number_is_fragmentation() =>
        Assert.Equal(Cause.Fragmentation, Diagnose((36864, 1024, 528, "a"), (65536, 1024, 528, "a")).Cause);

    [Fact]
    public void A_pool_that_stays_full_is_not_called_capacity() =>
        Assert.Equal(Cause.Unknown, Diagnose([.. Enumerable.Repeat((4096L, 1024L, 1024L, "a"), 12)]).Cause);

    [Fact]
    public void Use_that_falls_between_the_lines_is_demand() =>
        Assert.Equal(Cause.Capacity, Diagnose(
            (32768, 1024, 998, "a"), (32768, 1024, 1017, "a"), (32768, 1024, 960, "a"), (32768, 1024, 998, "a"), (32768, 1024, 972, "a")).Cause);
}
