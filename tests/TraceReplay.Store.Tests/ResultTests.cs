using System.Text.Json;
using TraceReplay.Core;

namespace TraceReplay.Store.Tests;

public class ResultTests
{
    [Fact]
    public void ResultsComeBack()
    {
        using var file = new TemporaryFile();
        using (var database = Samples.Create(file))
        {
            StoreResults(database);
        }

        using var read = TraceDatabase.Open(file.Path);
        var results = read.ReadResults();
        Assert.Equal(Pool with { Id = 1 }, Assert.Single(results.Pools()));
        Assert.Equal([Run(1) with { Id = 1 }, Run(1) with { Id = 2, WhatIf = "pool.size=128MiB" }], results.Runs());
        Assert.Equal(Mappings(1), results.Mappings(1));
        Assert.Equal([Failure with { Id = 1, RunId = 1 }], results.Failures(1));
        Assert.Empty(results.Failures(null));
        Assert.Equal([new OccupancyRow(1, 2, 3, 4), new OccupancyRow(5, 6, null, 0)], results.Occupancy(1));
        Assert.Equal("{\"schema\":1}", results.Report());
        Assert.Equal(JsonSerializer.Serialize(Incident(1) with { Id = 1 }), JsonSerializer.Serialize(results.Incidents()[0]));
        Assert.Equal(JsonSerializer.Serialize(Least with { Id = 2 }), JsonSerializer.Serialize(results.Incidents()[1]));
    }

    [Fact]
    public void DiagnosisReplacesItsOwnIncidents()
    {
        using var file = new TemporaryFile();
        using var database = Samples.Create(file);
        StoreResults(database);
        using (var results = database.BeginResults())
        {
            results.ReplaceIncidents([2], [Incident(2)]);
            results.Complete();
        }

        Assert.Equal([1L, 2L], database.ReadResults().Incidents().Select(i => i.RunId!.Value));
        using (var results = database.BeginResults())
        {
            results.ReplaceIncidents([1, 2], []);
            results.Complete();
        }

        Assert.Empty(database.ReadResults().Incidents());
        foreach (var part in new[] { "holder", "evidence", "remedy", "culprit", "reporter", "incident_cause", "next_capture" })
        {
            Assert.Equal(0, database.Connection.Scalar($"SELECT count(*) FROM {part}"));
        }
    }

    [Fact]
    public void ResultsThatAreNotCompletedLeaveNothing()
    {
        using var file = new TemporaryFile();
        using var database = Samples.Create(file);
        using (var results = database.BeginResults())
        {
            results.Add(Pool);
            Assert.Equal(0, results.DeviceId(string.Empty));
            Assert.Equal(1, results.DeviceId("d"));
        }

        Assert.Empty(database.ReadResults().Pools());
        Assert.Null(database.ReadResults().Report());
        Assert.Equal(0, database.Connection.Scalar("SELECT count(*) FROM device"));
    }

    internal static void StoreResults(TraceDatabase database)
    {
        using var results = database.BeginResults();
        var pool = results.Add(Pool);
        Assert.Equal(pool, results.Add(Pool));
        var run = results.Add(Run(pool));
        results.Add(Run(pool) with { WhatIf = "pool.size=128MiB" });
        foreach (var mapping in Mappings(results.DeviceId("0000:00:02.0")))
        {
            results.Add(run, in mapping);
        }

        results.Add(run, Failure);
        results.Add(run, [new OccupancyRow(1, 2, 3, 4), new OccupancyRow(5, 6, null, 0)]);
        results.ReplaceIncidents([run], [Incident(run), Least]);
        results.SetReport("{}");
        results.SetReport("{\"schema\":1}");
        results.Complete();
    }

    private static PoolRow Pool => new()
    {
        Kind = PoolKind.Swiotlb, Model = "swiotlb-6.1.192", UnitBytes = 2048, Units = 32768, Areas = 4, GeometryJson = "{\"a\":1}",
        GeometryFrom = GeometryOrigin.Trace,
    };

    private static RunRow Run(long pool) => new()
    {
        PoolId = pool, Spec = "swiotlb(kernel=6.1)", Events = 5, Failures = 1, PeakUsedUnits = 32768, PeakTimeNs = 77,
        FidelityCompared = 4, FidelityEqual = 4,
    };

    private static FailureRow Failure => new()
    {
        SourceId = 1, Line = 9, TimeNs = 1_000_000_000, PoolKind = PoolKind.Swiotlb, Device = "0000:00:02.0", Driver = "virtio", Bytes = 4096,
        Pages = 1, TotalUnits = 32768, UsedUnits = 32767, FreeUnits = 1, LargestFreeRun = 1, Reason = "capacity",
    };

    private static IncidentRow Least => new() { FromTrace = false, Cause = "unknown" };

    private static List<MappingRow> Mappings(long device) =>
    [
        new MappingRow { Units = 1 },
        .. Enumerable.Range(1, 77).Select(i => new MappingRow
        {
            MapEventId = i, UnmapEventId = i % 3 == 0 ? 0 : i + 1, DeviceId = device, FirstUnit = i * 2, Units = 2, Bytes = 4096,
            MapTimeNs = i * 1_000_000L, UnmapTimeNs = i % 3 == 0 ? TraceEvent.NoTime : i * 2_000_000_000L,
        }),
    ];

    private static IncidentRow Incident(long run) => new()
    {
        RunId = run, PoolId = 1, PoolKind = PoolKind.Swiotlb, FromTrace = true, Cause = "capacity", Confidence = 0.75,
        FirstFailure = new FirstFailureRow
        {
            TimeNs = 3, Device = "0000:00:02.0", Driver = "virtio", Bytes = 4096, Units = 2, UsedUnits = 32767, FreeUnits = 1,
            LargestFreeRun = 1, Source = new SourceRef("a", 9),
        },
        Failures = 4, Suppressed = 2, LastFailureTimeNs = 99, Explanation = "full", ReportJson = "{}",
        LeastSize = new LeastSizeRow(33000, 33000 * 2048, false, 65536, "swiotlb=65536"),
        Causes = [new CauseRow("capacity", 3), new CauseRow("leak", 1)],
        Reporters = [new ReporterRow("0000:00:02.0", "virtio", 4, 0)],
        Holders = [new HolderRow("0000:00:02.0", "virtio", "8,16", 1, 2, 3, 0.5, 4.5, null)],
        Culprits = [new CulpritRow("0000:00:02.0", "virtio", 1, 0)],
        Evidence = [new EvidenceRow("it says so", new SourceRef("a", 9))],
        Remedies = [new RemedyRow("pool.size=128MiB", "size", true, 0, string.Empty) { Basis = "replayed", Risk = "low" }],
        KnownIssues = [new KnownIssueRow("usb-storage-5.2", "USB storage", 0.9, "bytes is 421888", "d74ffae8b8dd", "max_sectors", "wild 152")],
        NextCapture = ["the same with stacks"],
    };
}
