using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using TraceReplay.Demand.Planning;
using TraceReplay.Demand.Workload;

namespace TraceReplay.Demand.Tests;

/// <summary>Generated workloads: the same for a seed, whole, and never above the limits of host and LUN.</summary>
public sealed class GeneratorTests
{
    private static readonly WorkloadScenario Small = new()
    {
        Name = "small", Shows = "a test", Kernel = "2.6.16", Pool = "tce(kernel=2.6.16, entries=2048)", Luns = 40, ActiveLuns = 12, QueueDepth = 4,
        CanQueue = 30, BurstCommands = 9, Commands = 400, Segments = new Bounds(1, 24), SegmentBytes = new Bounds(4096, 65_536),
        LatencyMicroseconds = new Bounds(100, 9000), MostRequestBytes = 256 << 10,
    };

    [Fact]
    public void ASeedDecidesEverything()
    {
        var first = Generate(Small with { Seed = 7 });
        Assert.Equal(first.Csv, Generate(Small with { Seed = 7 }).Csv);
        Assert.False(first.Csv == Generate(Small with { Seed = 8 }).Csv);
    }

    public static TheoryData<string, string> Pools() => new()
    {
        { "2.6.16", "tce(kernel=2.6.16, entries=2048)" }, { "3.6", "tce(kernel=3.6, entries=2048)" }, { "6.1", "tce(kernel=6.1, entries=2048)" },
        { "2.4.21", "tce(kernel=2.4, entries=4096)" }, { "2.4.21", "scsi-dma(kernel=2.4, sectors=240)" },
        { "6.1", "swiotlb(kernel=6.1, slabs=2048)" }, { "2.6.16", "swiotlb(kernel=2.6.16, slabs=2048)" }, { "2.6.18", "gart(kernel=2.6.18, pages=2048)" },
        { "6.12", "iova(kernel=6.12, limit=24bit)" },
    };

    [Theory]
    [MemberData(nameof(Pools))]
    public void EveryMapHasAnUnmapAndLimitsHold(string kernel, string pool)
    {
        Prop.ForAll(Gen.Choose(1, 1 << 20).Two().ToArbitrary(), seeds =>
        {
            var (seed, shape) = seeds;
            var scenario = Small with
            {
                Kernel = kernel,
                Pool = pool,
                Seed = (ulong)seed,
                Commands = 150,
                QueueDepth = 1 + (shape % 9),
                CanQueue = 1 + (shape % 37),
                Hosts = 1 + (shape % 3),
                Paths = 1 + (shape % 4),
                ActiveLuns = 1 + (shape % 40),
                BurstCommands = 1 + (shape % 13),
                ScatterlistBytes = 40,
            };
            var (csv, result) = Generate(scenario);
            Assert.False(result.IsStuck);
            Assert.Equal(scenario.Commands, result.Commands);
            CheckRows(csv, scenario, result);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(12));
    }

    // The mid-layer takes what comes free again at once: the pool stays nearly full for as long as there is more to do.
    [Fact]
    public void RefusedCommandsKeepThePoolFull()
    {
        var (csv, result) = Generate(Scenarios.Find("16000-luns") with { Commands = 3000 });
        Assert.True(result.Failures > 1000);
        Assert.True(result.PeakUnits > 62_000, $"{result.PeakUnits}");
        Assert.Contains(",ENOMEM,4,", csv, StringComparison.Ordinal); // some command needs many attempts
    }

    [Theory]
    [InlineData("16000-luns")]
    [InlineData("16000-luns-2.4")]
    [InlineData("16000-luns-6.x")]
    public void DepthOneIsTheRemedy(string name)
    {
        var scenario = Scenarios.Find(name) with { Commands = 6000 };
        Assert.True(Generate(scenario with { QueueDepth = 30 }).Result.Failures > 100);
        Assert.Equal(0, Generate(scenario with { QueueDepth = 1 }).Result.Failures);
        Assert.True(Generate(scenario with { QueueDepth = 3 }).Result.Failures < Generate(scenario with { QueueDepth = 30 }).Result.Failures);
    }

    [Fact]
    public void ACommandThatNoPoolServesEndsTheRun()
    {
        var (_, result) = Generate(Small with { Pool = "tce(kernel=2.6.16, entries=8)", Segments = new Bounds(4, 4), SegmentBytes = new Bounds(65_536, 65_536) });
        Assert.True(result.IsStuck);
        Assert.Equal(0, result.PeakCommands);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(41)]
    public void WhatCannotBeIsRefused(int active) => Assert.Throws<PlanException>(() => Generate(Small with { ActiveLuns = active }));

    [Fact]
    public void AnUnknownScenarioNamesTheKnown() =>
        Assert.Contains("16000-luns", Assert.Throws<PlanException>(() => Scenarios.Find("nosuch")).Hint, StringComparison.Ordinal);

    private static (string Csv, WorkloadResult Result) Generate(WorkloadScenario scenario)
    {
        using var stream = new MemoryStream();
        var result = Generator.Run(scenario, stream);
        return (System.Text.Encoding.UTF8.GetString(stream.ToArray()), result);
    }

    private static void CheckRows(string csv, WorkloadScenario scenario, WorkloadResult result)
    {
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToArray();
        var columns = lines[0].Split(',');
        int Column(string name) => Array.IndexOf(columns, name);
        var (op, device, id, outcome, lun) = (Column("op"), Column("device"), Column("id"), Column("result"), Column("lun"));
        var live = new Dictionary<string, (string Device, string Lun)>(StringComparer.Ordinal);
        var (time, failures) = (0L, 0L);
        foreach (var line in lines.Skip(1))
        {
            var cells = line.Split(',');
            Assert.Equal(columns.Length, cells.Length);
            var now = long.Parse(cells[0], CultureInfo.InvariantCulture);
            Assert.True(now >= time);
            time = now;
            if (cells[op].StartsWith("unmap", StringComparison.Ordinal))
            {
                Assert.True(live.Remove(cells[id]), line);
            }
            else if (cells[outcome] == "ok")
            {
                Assert.True(live.TryAdd(cells[id], (cells[device], cells[lun])), line);
                Assert.True(live.Values.Count(v => v.Device == cells[device]) <= scenario.CanQueue, "can_queue");
                Assert.True(live.Values.Count(v => v.Lun == cells[lun]) <= scenario.QueueDepth, "depth");
            }
            else
            {
                failures++;
            }
        }

        Assert.Empty(live);
        Assert.Equal(result.Failures, failures);
        Assert.Equal(result.Rows, lines.Length - 1);
    }
}
