using System.Text.Json;

namespace TraceReplay.EndToEnd.Tests;

/// <summary>What the program must say of captures whose truth is known.</summary>
public sealed class CaptureTests
{
    [Fact]
    public void GreedyDeviceIsFoundThoughNoMessageNamesIt()
    {
        var incident = Trace(Report(Captures.Sample("06-greedy-vs-innocent")));
        Assert.Equal("0000:00:05.0", incident.GetProperty("culprits")[0].GetProperty("device").GetString());
        Assert.Equal(0, incident.GetProperty("culprits")[0].GetProperty("failures_without").GetInt64());
        Assert.Equal(206, incident.GetProperty("failures").GetInt64());
        Assert.Equal([("0000:00:02.0", 179), ("0000:00:03.0", 27)], Reporters(incident));
        var first = incident.GetProperty("first_failure");
        Assert.Equal(29.863996m, first.GetProperty("time").GetDecimal());
        Assert.Equal("0000:00:02.0", first.GetProperty("device").GetString());
        Assert.Equal(4096, first.GetProperty("bytes").GetInt64());
        Assert.Equal(2041, first.GetProperty("used_units").GetInt64());
        Assert.Equal("0000:00:05.0", incident.GetProperty("holders")[0].GetProperty("device").GetString());
        Assert.Equal(1736, incident.GetProperty("holders")[0].GetProperty("units").GetInt64());
    }

    [Fact]
    public void SegmentLimitIsNotCuredByALargerPool()
    {
        var incident = Trace(Report(Captures.Sample("03-segment-limit")));
        Assert.Equal("segment-limit", incident.GetProperty("cause").GetString());
        Assert.Equal(5, incident.GetProperty("failures").GetInt64());
        Assert.Equal(JsonValueKind.Null, incident.GetProperty("least_size").ValueKind);
        Assert.Contains(incident.GetProperty("remedies").EnumerateArray(), remedy =>
            remedy.GetProperty("kind").GetString() == "useless" && remedy.GetProperty("change").GetString()!.Contains("swiotlb=", StringComparison.Ordinal));
    }

    [Fact]
    public void LeakerIsFoundBeforeItFailsItself()
    {
        var incident = Trace(Report(Captures.Sample("05-leak")));
        Assert.Equal("leak", incident.GetProperty("cause").GetString());
        Assert.Equal("0000:00:05.0", incident.GetProperty("culprits")[0].GetProperty("device").GetString());
        Assert.Equal([("0000:00:02.0", 5)], Reporters(incident));
    }

    [Fact]
    public void LogAloneNamesReportersAndSaysWhatItCannotTell()
    {
        var report = Report(Path.Combine(Captures.Sample("06-greedy-vs-innocent"), "dmesg.txt"));
        var incident = report.GetProperty("incidents").EnumerateArray().First(i => Text(i.GetProperty("pool_kind")) == "swiotlb");
        Assert.Equal("log", Text(incident.GetProperty("level")));
        Assert.Equal("0000:00:02.0", Reporters(incident)[0].Device);
        Assert.Empty(incident.GetProperty("culprits").EnumerateArray());
        Assert.Contains("Who holds the pool is not in the log", Text(incident.GetProperty("verdict")), StringComparison.Ordinal);
        Assert.NotEmpty(incident.GetProperty("next_capture").EnumerateArray());
    }

    [Theory]
    [InlineData("01-capacity-virtioscsi-6.1", 31, "0000:00:02.0")]
    [InlineData("02b-capacity-virtioscsi-6.12", 102, "0000:00:02.0")]
    [InlineData("10-natural-32bit-6.1", 340, "0000:00:05.0")]
    public void CapacityIsCounted(string capture, int failures, string culprit)
    {
        if (Captures.Beside(capture) is not { } input)
        {
            return;
        }

        var incident = Trace(Report(input));
        Assert.Equal("capacity", Text(incident.GetProperty("cause")));
        Assert.Equal(failures, incident.GetProperty("failures").GetInt64());
        Assert.Equal(culprit, Text(incident.GetProperty("culprits")[0].GetProperty("device")));
    }

    [Fact]
    public void SilentVictimIsNamed()
    {
        if (Captures.Beside("06c-hba-starves-nic-nvme-6.1") is not { } input)
        {
            return;
        }

        var incident = Trace(Report(input));
        Assert.Equal("0000:00:02.0", Text(incident.GetProperty("culprits")[0].GetProperty("device")));
        var victim = incident.GetProperty("reporters").EnumerateArray().Single(r => Text(r.GetProperty("device")) == "0000:00:04.0");
        Assert.Equal(83, victim.GetProperty("failures").GetInt64());
        Assert.Equal(0, victim.GetProperty("named").GetInt64());
    }

    [Fact]
    public void CausesAreSplit()
    {
        if (Captures.Beside("04-fragmentation-6.1") is not { } input)
        {
            return;
        }

        var causes = Trace(Report(input)).GetProperty("causes").EnumerateArray()
            .ToDictionary(cause => Text(cause.GetProperty("cause")), cause => cause.GetProperty("failures").GetInt64(), StringComparer.Ordinal);
        Assert.Equal(1, causes["capacity"]);
        Assert.Equal(4, causes["fragmentation"]);
    }

    [Theory]
    [InlineData("08-control-clean-6.1")]
    [InlineData("09-large-6.12")]
    public void CleanRunHasNoIncidentButAPeak(string capture)
    {
        if (Captures.Beside(capture) is not { } input)
        {
            return;
        }

        var report = Report(input);
        Assert.Empty(report.GetProperty("incidents").EnumerateArray());
        Assert.True(report.GetProperty("pools")[0].GetProperty("peak_used_units").GetInt64() > 0);
        Assert.Contains("No DMA pool ran out.", Tool.Run("analyze", input).MustEndWith(0).Output, StringComparison.Ordinal);
        Tool.Run("analyze", input, "--fail-on", "any", "--format", "json").MustEndWith(0);
    }

    [Fact]
    public void ExactCaptureEqualsTheModelSlotForSlot()
    {
        if (Captures.Beside("13-exact-1cpu-6.1") is not { } input)
        {
            return;
        }

        var fidelity = Report(input).GetProperty("fidelity");
        Assert.True(fidelity.GetProperty("compared").GetInt64() > 1000);
        Assert.Equal(fidelity.GetProperty("compared").GetInt64(), fidelity.GetProperty("equal").GetInt64());
    }

    private static JsonElement Report(params string[] inputs) =>
        Tool.Run(["analyze", .. inputs, "--format", "json"]).MustEndWith(0).Json;

    /// <summary>The one incident that was replayed from the trace, of the swiotlb pool.</summary>
    private static JsonElement Trace(JsonElement report)
    {
        var incident = report.GetProperty("incidents")[0];
        Assert.Equal("trace", Text(incident.GetProperty("level")));
        Assert.Equal("swiotlb", Text(incident.GetProperty("pool_kind")));
        return incident;
    }

    private static (string Device, int Failures)[] Reporters(JsonElement incident) => [.. incident.GetProperty("reporters").EnumerateArray()
        .Select(reporter => (Text(reporter.GetProperty("device")), reporter.GetProperty("failures").GetInt32()))];

    private static string Text(JsonElement element) => element.GetString() ?? string.Empty;
}
