using System.Text.Json;

namespace TraceReplay.EndToEnd.Tests;

/// <summary><c>plan</c> as a person and a script meet it.</summary>
public sealed class PlanTests
{
    private static readonly string[] Origin =
    [
        "plan", "--luns", "16000", "--commands-per-lun", "3..30", "--segments", "64", "--segment-bytes", "4096", "--driver", "lpfc",
        "--pool", "tce(kernel=2.6.16, window=256MiB)",
    ];

    // 8,182 x 64 + 2,043 entries against 65,536: spec demand-side.md 1.2, worked out in OriginPlanTests.
    [Fact]
    public void TheOriginIsAnsweredInNumbers()
    {
        var plan = Tool.Run([.. Origin, "--format", "json"]).MustEndWith(0).Json;
        Assert.Equal("tracereplay.plan/1", plan.GetProperty("schema").GetString());
        Assert.Equal("does-not-fit", plan.GetProperty("verdict").GetString());
        var pool = plan.GetProperty("pools")[0];
        Assert.Equal(65_536, pool.GetProperty("units").GetInt64());
        Assert.Equal(523_648 + 2043, pool.GetProperty("demand").GetProperty("most").GetInt64());
        var host = pool.GetProperty("hosts")[0];
        Assert.Equal(8182, host.GetProperty("commands").GetProperty("most").GetInt64());
        Assert.Equal("can_queue", host.GetProperty("commands_limited_by").GetString());
        Assert.Equal("driver-default", host.GetProperty("can_queue").GetProperty("basis").GetString());
        Assert.Contains(pool.GetProperty("settings").EnumerateArray(), setting =>
            setting.GetProperty("parameter").GetString() == "lpfc_hba_queue_depth" && setting.GetProperty("value").GetInt64() is > 1000 and < 1040);
        Assert.Contains(pool.GetProperty("settings").EnumerateArray(), setting =>
            setting.GetProperty("parameter").GetString() == "lpfc_lun_queue_depth" && setting.GetProperty("value").ValueKind == JsonValueKind.Null);
    }

    [Theory]
    [InlineData("text", "does not fit")]
    [InlineData("markdown", "| host0 | lpfc |")]
    [InlineData("json", "\"does-not-fit\"")]
    public void EveryFormatSaysSo(string format, string text) =>
        Assert.Contains(text, Tool.Run([.. Origin, "--format", format]).MustEndWith(0).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("any", 3)]
    [InlineData("depends", 3)]
    [InlineData("does-not-fit", 3)]
    public void AScriptCanStopOnTheVerdict(string failOn, int exitCode)
    {
        Tool.Run([.. Origin, "--fail-on", failOn]).MustEndWith(exitCode);
        Tool.Run("plan", "--luns", "10", "--driver", "lpfc", "--pool", "tce(kernel=6.1, window=2GiB)", "--fail-on", failOn).MustEndWith(0);
    }

    // 8 to 80 commands of 16 entries, 1,024 of them fit: both can be.
    [Fact]
    public void BetweenTheBoundsItDepends()
    {
        string[] arguments = ["plan", "--luns", "160", "--commands-per-lun", "3..30", "--segments", "16", "--pool", "tce(kernel=6.1, window=128MiB)"];
        Tool.Run([.. arguments, "--fail-on", "does-not-fit"]).MustEndWith(0);
        Tool.Run([.. arguments, "--fail-on", "depends"]).MustEndWith(3);
    }

    [Theory]
    [InlineData("plan --luns 10 --driver lpfc", "say --pool SPEC")]
    [InlineData("plan --pool swiotlb(size=64MiB)", "say --luns N")]
    [InlineData("plan --luns 10 --pool swiotlb(size=64MiB)", "--commands-per-lun")]
    [InlineData("plan --luns 10 --driver nosuch --pool swiotlb(size=64MiB)", "lpfc")]
    [InlineData("plan --luns 30..3 --driver lpfc --pool swiotlb(size=64MiB)", "A..B")]
    [InlineData("plan --luns 0 --driver lpfc --pool swiotlb(size=64MiB)", "--luns")]
    [InlineData("plan --luns 9 --driver lpfc --pool swiotlb(size=64GB)", "64MiB")]
    [InlineData("plan --luns 9 --driver lpfc --hosts 3..4 --pool swiotlb(size=64MiB)", "--hosts")]
    [InlineData("plan --luns 9 --driver lpfc --pool tce(entries=3)", "entries is 3")]
    public void WhatIsMissingOrWrongIsSaid(string arguments, string hint)
    {
        var run = Tool.Run(arguments.Split(' ')).MustEndWith(2);
        Assert.Empty(run.Output);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void HugeNumbersAreNoTrouble() => Tool.Run(
        "plan", "--luns", "1000000000000", "--paths", "1000000", "--commands-per-lun", "1..1000000000", "--segments", "1..65535",
        "--segment-bytes", "1..1GiB", "--pool", "swiotlb(kernel=6.1)", "--pool", "iova(limit=32bit)", "--pool", "gart()", "--pool", "tce()",
        "--pool", "scsi-dma()").MustEndWith(0);
}
