using System.Globalization;
using System.Text;
using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.TestSupport;

namespace TraceReplay.Report.Tests;

public sealed class JsonReportTests
{
    [Theory]
    [InlineData("greedy")]
    [InlineData("log-only")]
    [InlineData("clean")]
    [InlineData("several")]
    [InlineData("hostile")]
    public void LooksAsApproved(string name) => Approved.Check($"json-{name}.json", Render(SampleReports.All.Single(s => s.Name == name).Report));

    [Fact]
    public void FirstFailureOfTheGreedyIncidentIsTheTruth()
    {
        using var document = JsonDocument.Parse(Render(SampleReports.Greedy()));
        var first = document.RootElement.GetProperty("incidents")[0].GetProperty("first_failure");
        Assert.Equal(29.863996m, first.GetProperty("time").GetDecimal());
        Assert.Equal(29_863_996_000, first.GetProperty("time_ns").GetInt64());
        Assert.Equal("0000:00:02.0", first.GetProperty("device").GetString());
        Assert.Equal(4096, first.GetProperty("bytes").GetInt64());
        Assert.Equal(2041, first.GetProperty("used_units").GetInt64());
        Assert.Equal(22_871, first.GetProperty("source").GetProperty("line").GetInt64());
    }

    [Fact]
    public void ContractFieldsAreAllThere()
    {
        using var document = JsonDocument.Parse(Render(SampleReports.Greedy()));
        var root = document.RootElement;
        AssertFields(root, "schema", "tool_version", "sources", "machine", "pools", "incidents", "fidelity", "warnings");
        Assert.Equal("tracereplay.report/1", root.GetProperty("schema").GetString());
        AssertFields(root.GetProperty("sources")[0], "path", "format", "sha256", "bytes", "records", "events", "skipped", "lost", "clock");
        AssertFields(root.GetProperty("machine"), "kernel", "arch", "cmdline", "boot_time");
        var pool = root.GetProperty("pools")[0];
        AssertFields(pool, "id", "kind", "model", "geometry", "geometry_from", "peak_used_units", "peak_time", "failures");
        AssertFields(pool.GetProperty("geometry"), "unit_bytes", "units", "areas", "base");
        var incident = root.GetProperty("incidents")[0];
        AssertFields(incident, "id", "pool", "level", "cause", "confidence", "first_failure", "failures", "suppressed", "last_failure_time",
            "causes", "reporters", "holders", "culprits", "explanation", "evidence", "least_size", "remedies", "next_capture");
        AssertFields(incident.GetProperty("holders")[0], "device", "driver", "consumer", "bytes", "units", "mappings", "share",
            "oldest_age_seconds", "growth_units_per_second");
        AssertFields(incident.GetProperty("first_failure"), "time", "device", "driver", "bytes", "units", "used_units", "free_units",
            "largest_free_run", "source");
        AssertFields(incident.GetProperty("least_size"), "units", "bytes", "bound", "recommended_units", "boot_parameter");
        AssertFields(incident.GetProperty("remedies")[0], "change", "kind", "proven", "failures_after", "note");
        AssertFields(incident.GetProperty("culprits")[0], "device", "driver", "blame", "failures_without");
        AssertFields(incident.GetProperty("reporters")[0], "device", "driver", "failures", "named");
        AssertFields(root.GetProperty("fidelity"), "allocations", "compared", "equal");
    }

    [Fact]
    public void TimesAreExactToTheNanosecond()
    {
        var report = new AnalysisReport
        {
            Pools = [new PoolReport { Id = 1, Kind = PoolKind.Swiotlb, PeakUsedUnits = 1, PeakTimeNs = 1_700_000_000_123_456_789 }],
        };
        Assert.Contains("\"peak_time\": 1700000000.123456789,", Render(report), StringComparison.Ordinal);
    }

    [Fact]
    public void NumbersDoNotDependOnTheCulture()
    {
        var before = CultureInfo.CurrentCulture;
        var expected = Render(SampleReports.Greedy());
        try
        {
            var comma = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            comma.NumberFormat.NumberDecimalSeparator = ",";
            comma.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = comma;
            Assert.Equal(expected, Render(SampleReports.Greedy()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static void AssertFields(JsonElement element, params string[] names) =>
        Assert.All(names, name => Assert.True(element.TryGetProperty(name, out _), name));

    private static string Render(AnalysisReport report)
    {
        using var output = new MemoryStream();
        JsonReport.Write(report, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    /// <summary>What is written can be read: written again, it is the same.</summary>
    [Fact]
    public void AReportCanBeReadBack() => Assert.All(SampleReports.All, sample =>
    {
        var written = Written(sample.Report);
        var read = JsonReportReader.Read(written);
        Assert.NotNull(read);
        Assert.Equal(written, Written(read));
    });

    [Fact]
    public void OfSeveralCasesEachHasItsMachine()
    {
        using var written = JsonDocument.Parse(Written(SampleReports.Several()));
        var machines = written.RootElement.GetProperty("machines").EnumerateArray().ToList();
        Assert.Equal(["host-a 6.1.0-56-amd64", "host-b 6.12.30", "loose files "], machines.Select(m => $"{m.GetProperty("case").GetString()} {m.GetProperty("kernel").GetString()}"), StringComparer.Ordinal);
        Assert.Equal(2, machines[1].GetProperty("inventory").GetProperty("hosts").GetArrayLength());
        using var one = JsonDocument.Parse(Written(SampleReports.Greedy()));
        Assert.False(one.RootElement.TryGetProperty("machines", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"schema\": \"other/1\"}")]
    public void WhatIsNoReportIsNotRead(string json) => Assert.Null(JsonReportReader.Read(json));

    [Fact]
    public void FieldsOfAnotherKindAreNotKnown()
    {
        var report = JsonReportReader.Read("{\"schema\": \"tracereplay.report/1\", \"incidents\": [{\"id\": \"x\", \"holders\": 7, \"cause\": []}], \"pools\": {}}")!;
        Assert.Equal(Diagnosis.Cause.Unknown, Assert.Single(report.Incidents).Cause);
        Assert.Empty(report.Pools);
    }

    private static string Written(Diagnosis.AnalysisReport report)
    {
        using var stream = new MemoryStream();
        JsonReport.Write(report, stream);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
