namespace TraceReplay.EndToEnd.Tests;

/// <summary>A generated incident goes back through the program: the replay finds the same failures at the same
/// places.</summary>
public sealed class GenerateTests
{
    public static TheoryData<string, string> Pools() => new()
    {
        { "16000-luns", "tce(kernel=2.6.16, window=256MiB)" }, { "16000-luns-6.x", "tce(kernel=6.1, window=256MiB)" },
        { "16000-luns", "tce(kernel=2.6.9, window=256MiB)" }, { "16000-luns-6.x", "tce(kernel=3.6, window=256MiB)" },
        { "16000-luns-2.4-x86", "scsi-dma(kernel=2.4, sectors=27648)" }, { "16000-luns-2.4", "tce(kernel=2.4, window=128MiB)" }, { "16000-luns-6.x", "swiotlb(kernel=6.1, size=64MiB)" },
        { "16000-luns", "gart(kernel=2.6.18, size=64MiB)" }, { "16000-luns-6.x", "iova(kernel=6.12, limit=28bit)" },
    };

    [Theory]
    [MemberData(nameof(Pools))]
    public void WhatAModelRefusedItsReplayRefuses(string scenario, string pool)
    {
        using var folder = new TempFolder();
        var file = folder.File("trace.csv");
        var commands = pool.StartsWith("scsi-dma", StringComparison.Ordinal) ? "6000" : "2500";
        var run = Tool.Run("generate", "--scenario", scenario, "--pool", pool, "--commands", commands, "--seed", "5", "--output", file).MustEndWith(0);
        var failures = File.ReadLines(file).Count(line => line.Contains(",ENOMEM,", StringComparison.Ordinal));
        Assert.True(failures > 50, run.Error);

        var report = Tool.Run("analyze", file, "--format", "json").MustEndWith(0).Json;
        var incident = Assert.Single(report.GetProperty("incidents").EnumerateArray());
        Assert.Equal(failures, incident.GetProperty("failures").GetInt64());
        var fidelity = report.GetProperty("fidelity");
        Assert.True(fidelity.GetProperty("compared").GetInt64() >= 2400);
        Assert.Equal(fidelity.GetProperty("compared").GetInt64(), fidelity.GetProperty("equal").GetInt64());
        Assert.True(incident.GetProperty("cause").GetString() is "capacity" or "fragmentation");
    }

    [Fact]
    public void TheQueueDepthThatHelpsIsFoundByReplay()
    {
        using var folder = new TempFolder();
        var file = folder.File("trace.csv");
        Tool.Run("generate", "--scenario", "16000-luns", "--commands", "3000", "--output", file).MustEndWith(0);
        var incident = Tool.Run("analyze", file, "--format", "json").MustEndWith(0).Json.GetProperty("incidents")[0];
        var remedy = Assert.Single(incident.GetProperty("remedies").EnumerateArray(), r => r.GetProperty("kind").GetString() == "queue-depth");
        Assert.StartsWith("lpfc_lun_queue_depth=", remedy.GetProperty("change").GetString(), StringComparison.Ordinal);
        Assert.True(remedy.GetProperty("proven").GetBoolean());
        Assert.Equal(0, remedy.GetProperty("failures_after").GetInt64());
        Assert.Equal("0000:01:00.0", incident.GetProperty("culprits")[0].GetProperty("device").GetString());
        Assert.Equal("lpfc", incident.GetProperty("holders")[0].GetProperty("driver").GetString());
    }

    // Origin, on 2.4: what is set aside for LUNs ends at the cap, with hardly a command in flight; one table for each LUN fits.
    [Fact]
    public void OnKernel24WhatIsSetAsideForLunsTakesThePool()
    {
        using var folder = new TempFolder();
        var file = folder.File("trace.csv");
        Tool.Run("generate", "--scenario", "16000-luns-2.4", "--queue-depth", "3", "--commands", "500", "--output", file).MustEndWith(0);
        var report = Tool.Run("analyze", file, "--format", "json", "--what-if", "lun-depth=1", "--what-if", "lun-depth=2").MustEndWith(0).Json;
        var incident = Assert.Single(report.GetProperty("incidents").EnumerateArray());
        Assert.Equal("preallocation", incident.GetProperty("cause").GetString());

        // 24 sectors are everybody's; (65,520 - 24) / 4 tables of 64 segments are for LUNs: 16,374 of the 48,000 wanted.
        Assert.Equal(48_000 - 16_374, incident.GetProperty("failures").GetInt64());
        Assert.Contains(incident.GetProperty("evidence").EnumerateArray(), e => e.GetProperty("text").GetString()!.Contains("16374 maps for 5458 LUN paths, 3 each", StringComparison.Ordinal));
        Assert.Contains("were in use by commands at once", incident.GetProperty("explanation").GetString(), StringComparison.Ordinal);
        var remedies = incident.GetProperty("remedies").EnumerateArray().ToList();
        var depth = Assert.Single(remedies, r => r.GetProperty("kind").GetString() == "queue-depth");
        Assert.Equal(("lpfc_lun_queue_depth=1", true, 0L), (depth.GetProperty("change").GetString(), depth.GetProperty("proven").GetBoolean(), depth.GetProperty("failures_after").GetInt64()));
        Assert.DoesNotContain(remedies, r => r.GetProperty("change").GetString()!.Contains("lpfc_lun_queue_depth=3", StringComparison.Ordinal));
        Assert.Equal([0L, 32_000 - 16_374], remedies.Where(r => r.GetProperty("kind").GetString() == "what-if").Select(r => r.GetProperty("failures_after").GetInt64()));
    }

    [Fact]
    public void ADepthOfLunsIsNoQuestionToATraceWithoutLuns()
    {
        using var folder = new TempFolder();
        var file = folder.Write("trace.csv", "# clock=mono\n# pool=tce units=64 unit_bytes=4096\ntime_ns,op,device,size,id,dma_addr,result,pool\n1,map,0000:01:00.0,4096,1,0x1000,ok,tce\n2,map,0000:01:00.0,4096,2,,ENOMEM,tce\n");
        var run = Tool.Run("analyze", file, "--what-if", "lun-depth=1").MustEndWith(2);
        Assert.Contains("for which LUN", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("generate --seed 1", "--scenario")]
    [InlineData("generate --scenario 16000-lunz", "16000-luns")]
    [InlineData("generate --scenario 16000-luns --active-luns 20000", "active LUNs")]
    [InlineData("generate --scenario 16000-luns --kernel new", "kernel version")]
    [InlineData("generate --scenario 16000-luns --pool tce(windw=1GiB)", "did you mean 'window'")]
    [InlineData("generate --scenario 16000-luns --seed x", "--seed")]
    public void WrongUsageIsSaid(string arguments, string hint)
    {
        var run = Tool.Run(arguments.Split(' ')).MustEndWith(2);
        Assert.Empty(run.Output);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }
}
