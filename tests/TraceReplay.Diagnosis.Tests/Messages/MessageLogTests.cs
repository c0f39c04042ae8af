using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Messages;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis.Tests.Messages;

/// <summary>A log of many messages is counted exactly and kept in part; one of few is kept whole.</summary>
public class MessageLogTests
{
    private const int Few = 64;

    [Fact]
    public void A_log_of_usual_length_is_kept_whole()
    {
        var facts = Facts(MessageLog.KeptWhole / 2, MessageLog.KeptWhole);
        Assert.InRange(facts.Messages.Count, MessageLog.KeptWhole / 2, MessageLog.KeptWhole);
        Assert.False(facts.Messages.IsThinned);
    }

    [Theory]
    [InlineData(PoolKind.Swiotlb)]
    [InlineData(PoolKind.Tce)]
    [InlineData(PoolKind.Cma)]
    [InlineData(PoolKind.Iova)]
    public void A_thinned_log_gives_the_same_numbers(PoolKind kind)
    {
        const int lines = 60_000;
        var whole = LogDiagnosis.Incident(1, 1, kind, Facts(lines, int.MaxValue), FailureFilter.All)!;
        var facts = Facts(lines, Few);
        var thinned = LogDiagnosis.Incident(1, 1, kind, facts, FailureFilter.All)!;

        Assert.True(facts.Messages.IsThinned);
        Assert.InRange(facts.Messages.Count, 1, lines / 2);
        Assert.Equal(whole.Failures, thinned.Failures);
        Assert.Equal(whole.Cause, thinned.Cause);
        Assert.Equal(whole.Causes, thinned.Causes);
        Assert.Equal(whole.Confidence, thinned.Confidence);
        Assert.Equal(whole.Suppressed, thinned.Suppressed);
        Assert.Equal(whole.FailureRange, thinned.FailureRange);
        Assert.Equal(whole.Reporters, thinned.Reporters);
        Assert.Equal(whole.FirstFailure, thinned.FirstFailure);
        Assert.Equal(whole.LastFailureTimeNs, thinned.LastFailureTimeNs);
    }

    [Fact]
    public void Peaks_and_falls_of_the_use_survive()
    {
        // One dip in 40,000 lines, far from every stretch that is kept, tells demand from a leak.
        static CaseFacts Series(int keptWhole)
        {
            var facts = new CaseFacts(null, keptWhole);
            for (var i = 0; i < 40_000; i++)
            {
                facts.Add(Full(i, i % 16, 32_700 - (i == 31_003 ? 20_000 : i % 3), 8192));
            }

            return facts;
        }

        var whole = LogDiagnosis.Incident(1, 1, PoolKind.Swiotlb, Series(int.MaxValue), FailureFilter.All)!;
        var thinned = LogDiagnosis.Incident(1, 1, PoolKind.Swiotlb, Series(Few), FailureFilter.All)!;
        Assert.Contains("12700 to 32700", whole.Explanation, StringComparison.Ordinal);
        Assert.Contains("12700 to 32700", thinned.Explanation, StringComparison.Ordinal);
        Assert.Equal((whole.Cause, whole.Failures), (thinned.Cause, thinned.Failures));
    }

    [Fact]
    public void Only_the_failures_asked_for_are_counted()
    {
        var filter = new FailureFilter(SinceNs: 20_000_000_000, DeviceGlob: "0000:00:0?.0");
        var whole = LogDiagnosis.Incident(1, 1, PoolKind.Swiotlb, Facts(40_000, int.MaxValue, filter), filter)!;
        var thinned = LogDiagnosis.Incident(1, 1, PoolKind.Swiotlb, Facts(40_000, Few, filter), filter)!;
        Assert.Equal(whole.Reporters, thinned.Reporters);
        Assert.Equal((whole.Failures, whole.Suppressed), (thinned.Failures, thinned.Suppressed));
        Assert.Equal(whole.Causes, thinned.Causes);
    }

    [Fact]
    public void A_repeated_log_is_taken_back()
    {
        const int lines = 30_000;
        var once = Facts(lines, Few);
        var twice = Facts(lines, Few);
        Fill(twice, lines, "again");
        twice.Drop("again", Enumerable.Range(1, lines * 10).Select(i => (long)i).ToHashSet());

        Assert.Equal(once.Messages.Total, twice.Messages.Total);
        foreach (var kind in new[] { PoolKind.Swiotlb, PoolKind.Tce, PoolKind.Cma })
        {
            var (a, b) = (LogDiagnosis.Incident(1, 1, kind, once, FailureFilter.All)!, LogDiagnosis.Incident(1, 1, kind, twice, FailureFilter.All)!);
            Assert.Equal((a.Failures, a.Suppressed), (b.Failures, b.Suppressed));
            Assert.Equal(a.Reporters, b.Reporters);
        }
    }

    [Fact]
    public void Every_line_another_device_is_bounded_and_said()
    {
        const int lines = 50_000;
        var facts = new CaseFacts();
        for (var i = 0; i < lines; i++)
        {
            facts.Add(Full(i, i, 100, 8192) with { Device = string.Create(CultureInfo.InvariantCulture, $"dev{i}"), Driver = string.Create(CultureInfo.InvariantCulture, $"driver{i % 999}x") });
        }

        var report = new CaseDiagnosis(new OperationLog(), facts, new DiagnosisOptions()).Run();
        var incident = Assert.Single(report.Incidents);
        Assert.Equal(lines, incident.Failures);
        Assert.Equal(DeviceTally.MostDevices, incident.Reporters.Count);
        var others = Assert.Single(report.Warnings, w => w.Code == "TR0318");
        Assert.StartsWith($"{lines - DeviceTally.MostDevices} failing lines", others.Message, StringComparison.Ordinal);
        var (_, about) = facts.Messages.Devices.Others(PoolKind.Swiotlb);
        Assert.InRange(about, (lines - DeviceTally.MostDevices) * 0.97, lines - DeviceTally.MostDevices);
        Assert.Contains($"and about {DeviceTally.MostDevices - 3 + about} more", incident.Verdict, StringComparison.Ordinal);
        Assert.Single(report.Warnings, w => w.Code == "TR0317");
    }

    [Fact]
    public void Memory_does_not_grow_with_the_log()
    {
        // Ten times the messages take hardly more room; every name, size and time is another, as in a log made to use memory up.
        var small = Kept(60_000);
        var large = Kept(600_000);
        Assert.InRange(large, 0, small + (24 << 20));
    }

    private static long Kept(int lines)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var facts = new CaseFacts();
        facts.Messages.CanDrop = false;
        for (var i = 0; i < lines; i++)
        {
            facts.Add(Full(i, i, i % 32768, 1 + (i * 37 % 300_000)) with { Device = $"dev{i}", Driver = $"drv{i}x", Text = $"dev{i}: swiotlb buffer is full {i}" });
        }

        _ = facts.Messages.Count;
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(facts);
        return after - before;
    }

    private static CaseFacts Facts(int lines, int keptWhole, FailureFilter? filter = null)
    {
        var facts = new CaseFacts(filter, keptWhole);
        Fill(facts, lines, "log");
        return facts;
    }

    /// <summary>A mixture of all that rules read together with what stands beside it.</summary>
    private static void Fill(CaseFacts facts, int lines, string path)
    {
        var random = new Random(7);
        var line = 1L;
        for (var i = 0; i < lines; i++)
        {
            var device = random.Next(24);
            var message = random.Next(8) switch
            {
                0 => Plain("tce-alloc-failed", PoolKind.Tce, i, device) with { Pages = random.Next(1, 100) },
                1 => Plain("cma-alloc-failed", PoolKind.Cma, i, device) with
                {
                    Pages = 1 << random.Next(3, 9),
                    Fields = new Dictionary<string, string>(StringComparer.Ordinal) { ["ret"] = random.Next(3) == 0 ? "-16" : "-12" },
                },
                2 => Plain("iova-failed", PoolKind.Iova, i, device) with { Pages = random.Next(1, 3) },
                3 => Plain("callbacks-suppressed", PoolKind.Unknown, i, device) with
                {
                    IsFailure = false,
                    Device = string.Empty,
                    Driver = string.Empty,
                    Function = "swiotlb_tbl_map_single",
                    Suppressed = random.Next(1, 900),
                },
                4 => Plain("messages-suppressed", PoolKind.Unknown, i, device) with { IsFailure = false, Device = string.Empty, Driver = string.Empty, Suppressed = random.Next(1, 90) },
                _ => Full(i, device, random.Next(32768), random.Next(1, 300_000)),
            };
            facts.Add(message with { Source = new SourceRef(path, line) });
            if (message.Kind == PoolKind.Tce && random.Next(2) == 0)
            {
                facts.Add(Plain("tce-table-use", PoolKind.Tce, i, device) with { IsFailure = false, TotalUnits = 65536, UsedUnits = random.Next(65536), Source = new SourceRef(path, line + 1) });
            }

            line += random.Next(2, 9);
        }
    }

    private static LogMessageFact Full(int i, int device, long used, long bytes) => Plain("swiotlb-full", PoolKind.Swiotlb, i, device) with
    {
        Bytes = bytes,
        TotalUnits = 32768,
        UsedUnits = used,
        Source = new SourceRef("log", i + 1),
    };

    private static LogMessageFact Plain(string family, PoolKind kind, int i, int device) =>
        new(family, kind, IsFailure: true, i * 1_000_000L, family, new SourceRef("log", i + 1))
        {
            Device = string.Create(CultureInfo.InvariantCulture, $"0000:00:{device:x2}.0"), Driver = device % 2 == 0 ? "nvme" : "e1000e",
        };
}
