using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.TestSupport;

namespace TraceReplay.Analysis.Tests;

/// <summary>The truth of the captured kernels. Run where the captures are at hand; the sample logs hold the key ones.</summary>
public class CaptureTests
{
    private static AnalysisReport? Analyze(string capture)
    {
        if (Places.Shared is null)
        {
            return null;
        }

        var folder = Directory.GetDirectories(Path.Combine(Places.Shared, "captures"), capture + "*").Single();
        return AnalysisJob.Run(new AnalysisOptions { Inputs = [Path.Combine(folder, "input")] }, CancellationToken.None);
    }

    [Theory]
    [InlineData("01-", PoolKind.Swiotlb, Cause.Capacity, 31, "0000:00:02.0")]
    [InlineData("02b-", PoolKind.Swiotlb, Cause.Capacity, 102, "0000:00:02.0")]
    [InlineData("03-", PoolKind.Swiotlb, Cause.SegmentLimit, 5, "0000:00:05.0")]
    [InlineData("04-", PoolKind.Swiotlb, Cause.Fragmentation, 5, "0000:00:05.0")]
    [InlineData("05-", PoolKind.Swiotlb, Cause.Leak, 5, "0000:00:05.0")]
    [InlineData("06-", PoolKind.Swiotlb, Cause.Capacity, 206, "0000:00:05.0")]
    [InlineData("06c-", PoolKind.Swiotlb, Cause.Capacity, 152, "0000:00:02.0")]
    [InlineData("07-", PoolKind.Iova, Cause.Fragmentation, 3, "0000:00:05.0")]
    [InlineData("10-", PoolKind.Swiotlb, Cause.Capacity, 340, "0000:00:05.0")]
    [InlineData("c1b-", PoolKind.Tce, Cause.Capacity, 262, "0001:00:00.0")]
    [InlineData("c1e-", PoolKind.Tce, Cause.Capacity, 20, "0001:00:00.0")]
    [InlineData("c2-", PoolKind.Tce, Cause.Capacity, 6, "0001:00:00.0")]
    [InlineData("c4l-", PoolKind.Tce, Cause.Leak, 26, "0001:00:00.0")]
    [InlineData("c4m-", PoolKind.Tce, Cause.Fragmentation, 27, "0001:00:00.0")]
    [InlineData("c6-", PoolKind.Tce, Cause.Leak, 25, "0001:00:00.0")]
    public void The_incident_is_the_captures_truth(string capture, PoolKind kind, Cause cause, long failures, string culprit)
    {
        if (Analyze(capture) is not { } report)
        {
            return;
        }

        var incident = Assert.Single(report.Incidents);
        Assert.True(incident.FromTrace);
        Assert.Equal((kind, cause, failures), (incident.PoolKind, incident.Cause, incident.Failures));
        Assert.Equal(culprit, incident.Culprits[0].Device);
        Assert.Equal(0, incident.Culprits[0].FailuresWithout);
    }

    [Fact]
    public void A_pool_that_grows_is_followed_slot_by_slot()
    {
        if (Analyze("d1b-") is { } grows)
        {
            Assert.Empty(grows.Incidents);
            Assert.Equal((78532L, 78532L), (grows.Fidelity.Compared, grows.Fidelity.Equal));
            Assert.Equal((2L, 388L), (grows.Pools[0].More["added_pools"], grows.Pools[0].More["transient_pools"]));
            var cannot = Analyze("d2-")!;
            var incident = Assert.Single(cannot.Incidents);
            Assert.Equal((Cause.Capacity, 223L), (incident.Cause, incident.Failures));
            Assert.Contains("use above the total is normal here", incident.Explanation, StringComparison.Ordinal);
            Assert.Contains(incident.Uncertain, u => u.Contains("finds memory for every pool that it adds", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("08-")]
    [InlineData("c1d-")]
    [InlineData("c3-")]
    [InlineData("c3d-")]
    [InlineData("c5-")]
    public void A_machine_without_failure_has_no_incident(string capture) =>
        Assert.Empty(Analyze(capture)?.Incidents ?? []);

    [Theory]
    [InlineData("13-")]
    [InlineData("13c-")]
    [InlineData("05-")]
    [InlineData("c1b-")]
    [InlineData("c6-")]
    public void Every_place_is_the_models(string capture)
    {
        if (Analyze(capture) is { } report)
        {
            Assert.True(report.Fidelity.Compared > 1000);
            Assert.Equal(report.Fidelity.Compared, report.Fidelity.Equal);
        }
    }

    [Theory]
    [InlineData("06-", 0.99)]
    [InlineData("01-", 0.99)]
    [InlineData("06c-", 0.97)]
    [InlineData("02b-", 0.99)]
    public void On_several_cpus_nearly_every_place_is(string capture, double least)
    {
        if (Analyze(capture) is { } report)
        {
            Assert.InRange(report.Fidelity.Equal, (long)(report.Fidelity.Compared * least), report.Fidelity.Compared);
        }
    }

    [Fact]
    public void The_replayed_least_size_is_what_the_real_kernel_needed()
    {
        // Run again on real kernels, the load of 06 needed 2304 slots; 10 needed 3328 (a recommendation must reach both).
        if (Analyze("06-") is { } greedy)
        {
            Assert.Equal(2304, greedy.Incidents[0].LeastSize!.Units);
            Assert.InRange(greedy.Incidents[0].LeastSize!.RecommendedUnits, 2304, 8192);
            Assert.False(greedy.Incidents[0].LeastSize!.Exact);
            var natural = Analyze("10-")!.Incidents[0];
            Assert.InRange(natural.LeastSize!.RecommendedUnits, 3328, 8192);
        }
    }

    [Fact]
    public void A_silent_victim_is_called_one()
    {
        if (Analyze("06c-") is { } report)
        {
            var nvme = report.Incidents[0].Reporters.Single(r => r.Device == "0000:00:04.0");
            Assert.Equal((83L, 0L), (nvme.Failures, nvme.Named));
            Assert.Contains("silent victim", report.Incidents[0].Explanation, StringComparison.Ordinal);
        }
    }
}
