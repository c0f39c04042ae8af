using System.Text.Json;

namespace TraceReplay.EndToEnd.Tests;

/// <summary>The incident of 2006, from the lines that were posted: pool, use, cause, true count, remedy, and the panic left
/// apart.</summary>
public sealed class OriginTests
{
    private static readonly Lazy<JsonElement> Report = new(() =>
        Tool.Run("analyze", Captures.Sample("2006-iommu-alloc"), "--format", "json").MustEndWith(0).Json);

    private static JsonElement Incident => Assert.Single(Report.Value.GetProperty("incidents").EnumerateArray());

    [Fact]
    public void ThePoolIs65536Entries()
    {
        var pool = Assert.Single(Report.Value.GetProperty("pools").EnumerateArray());
        Assert.Equal("tce", pool.GetProperty("kind").GetString());
        Assert.Equal(65_536, pool.GetProperty("geometry").GetProperty("units").GetInt64());
        Assert.Equal(65_490, pool.GetProperty("peak_used_units").GetInt64());
    }

    [Fact]
    public void TheUseRangeIsTold()
    {
        var text = Incident.GetRawText();
        Assert.Matches("58,?200", text);
        Assert.Matches("65,?490", text);
    }

    [Fact]
    public void TheCauseIsCapacityWithAPartOfFragmentation()
    {
        Assert.Equal("capacity", Incident.GetProperty("cause").GetString());
        Assert.Contains(Incident.GetProperty("causes").EnumerateArray(), cause =>
            cause.GetProperty("cause").GetString() == "fragmentation" && cause.GetProperty("failures").GetInt64() > 0);
    }

    // 17 + 1 + 18 lines; 2,757 + 11,215 hidden by rate limiting.
    [Fact]
    public void WhatRateLimitingHidIsCounted()
    {
        Assert.InRange(Incident.GetProperty("failures").GetInt64(), 35, 36);
        Assert.Equal(Suppressed(), Incident.GetProperty("suppressed").GetInt64());
    }

    [Fact]
    public void TheRemedyIsTheQueueDepth() => Assert.Contains(Incident.GetProperty("remedies").EnumerateArray(), remedy =>
        remedy.GetProperty("change").GetString()!.Contains("queue_depth", StringComparison.Ordinal)
        && remedy.GetProperty("kind").GetString() != "useless");

    [Fact]
    public void TheKernelIsReadFromTheCrash() =>
        Assert.Equal("2.6.16-rc1-ppc64", Report.Value.GetProperty("machine").GetProperty("kernel").GetString());

    [Fact]
    public void ThePanicIsNotBlamedOnThePool()
    {
        Assert.False(Incident.GetProperty("cause").GetString() == "livelock");
        Assert.DoesNotMatch("panic[^.]*(caused by|because of|due to) (the )?(pool|exhaustion|table)", Incident.GetRawText());
    }

    private static long Suppressed() => Directory.EnumerateFiles(Captures.Sample("2006-iommu-alloc")).SelectMany(File.ReadLines)
        .Where(line => line.Contains("messages suppressed", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split(' ')[^3], System.Globalization.CultureInfo.InvariantCulture));
}
