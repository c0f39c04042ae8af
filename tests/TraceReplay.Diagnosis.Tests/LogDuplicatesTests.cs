using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests;

/// <summary>Logs of one boot are recognised whatever their clocks; logs of two boots never are.</summary>
public class LogDuplicatesTests
{
    private const long SecondNs = 1_000_000_000;

    private static readonly long Boot = (long)(new DateTime(2026, 11, 22, 6, 13, 0, DateTimeKind.Utc) - DateTime.UnixEpoch).TotalSeconds * SecondNs;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Syslog_and_dmesg_of_one_boot(int seed)
    {
        var boot = Lines(seed, 40);
        var syslog = boot.Select(l => l with { Time = Wall(l.Time, seed) }).ToList();

        var overlap = Assert.Single(Compare((boot, ClockDomain.BootPrintk), (syslog, ClockDomain.WallLocalUnknownZone)));

        Assert.Equal(boot.Count, overlap.Lines.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Lines_that_one_log_lost_are_counted(int seed)
    {
        var random = new Random(seed);
        var boot = Lines(seed, 60);
        var syslog = boot.Where(_ => random.Next(15) > 0).Select(l => l with { Time = Wall(l.Time, seed) }).ToList();

        // What stands behind the part in common is new.
        var later = Lines(seed + 100, 5).Select(l => l with { Time = Wall(l.Time + (4000 * SecondNs), seed) });

        var overlap = Assert.Single(Compare((boot, ClockDomain.BootPrintk), ([.. syslog, .. later], ClockDomain.WallLocalUnknownZone)));

        Assert.Equal(syslog.Count, overlap.Lines.Count);
    }

    [Theory]
    [InlineData(1, ClockDomain.BootPrintk)]
    [InlineData(2, ClockDomain.WallUtc)]
    [InlineData(3, ClockDomain.WallLocalUnknownZone)]
    public void A_log_rotated_twice(int seed, ClockDomain clock)
    {
        var all = Lines(seed, 60);

        var overlap = Assert.Single(Compare((all[..40], clock), (all[30..], clock)));

        Assert.Equal(10, overlap.Lines.Count);
    }

    [Fact]
    public void A_third_copy_is_told_once()
    {
        var all = Lines(5, 60);

        var duplicates = new LogDuplicates();

        Assert.Empty(Read(duplicates, "a", (all, ClockDomain.BootPrintk)));
        Assert.Equal(50, Assert.Single(Read(duplicates, "b", (all[..50], ClockDomain.BootPrintk))).Lines.Count);
        Assert.Equal(50, Assert.Single(Read(duplicates, "c", (all[10..], ClockDomain.BootPrintk))).Lines.Count);
    }

    /// <summary>Two boots of one machine: the same kinds of failures with other numbers, also some alike.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public void That_not_all_lines_are_compared_is_known(int logs, bool isPartial)
    {
        var duplicates = new LogDuplicates();
        for (var log = 0; log < logs; log++)
        {
            for (var line = 0; line <= LogDuplicates.Most / 2 * (3 - logs); line++)
            {
                duplicates.Add(new LogRecordFact(line, -1, "x", new SourceRef("log", line)));
            }

            _ = duplicates.End(new SourceSummary { Path = "log", Format = "dmesg", Sha256 = $"{log}", Clock = ClockDomain.Cycles });
        }

        Assert.Equal(isPartial, duplicates.IsPartial);
    }

    [Fact]
    public void Two_boots_are_never_one()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var first = Lines(seed, random.Next(1, 60));
            var second = Lines(seed + 1000, random.Next(1, 60)).Select((l, i) => random.Next(3) == 0 && i < first.Count ? l with { Text = first[i].Text } : l).ToList();
            var clock = (ClockDomain)(random.Next(3) switch { 0 => (int)ClockDomain.BootPrintk, 1 => (int)ClockDomain.WallUtc, _ => (int)ClockDomain.WallLocalUnknownZone });
            var isWall = clock != ClockDomain.BootPrintk;
            var later = second.Select(l => l with { Time = isWall ? Wall(l.Time + (86_400 * SecondNs), seed) : l.Time + 13_000 }).ToList();

            Assert.Empty(Compare((first, ClockDomain.BootPrintk), (later, clock)));
        }
    }

    /// <summary>The same few lines in each boot, a little later each time: too little to tell.</summary>
    [Fact]
    public void A_few_lines_of_every_boot_are_no_proof()
    {
        var first = Lines(1, 2);
        var second = first.Select(l => l with { Time = Wall(l.Time, 1) }).ToList();

        Assert.Empty(Compare((first, ClockDomain.BootPrintk), (second, ClockDomain.WallUtc)));
    }

    [Fact]
    public void Equal_lines_of_one_moment_are_counted_as_often_as_the_fuller_log_has_them()
    {
        var line = new Line(5 * SecondNs, "swiotlb buffer is full", 1);
        List<Line> two = [line, line with { Number = 2 }];
        List<Line> three = [.. two, line with { Number = 3 }];

        Assert.Equal(2, Assert.Single(Compare((two, ClockDomain.BootPrintk), (three, ClockDomain.BootPrintk))).Lines.Count);
        Assert.Equal(2, Assert.Single(Compare((three, ClockDomain.BootPrintk), (two, ClockDomain.BootPrintk))).Lines.Count);
    }

    private static IReadOnlyList<LogOverlap> Compare((List<Line> Lines, ClockDomain Clock) earlier, (List<Line> Lines, ClockDomain Clock) later)
    {
        var duplicates = new LogDuplicates();
        Assert.Empty(Read(duplicates, "a", earlier));
        return Read(duplicates, "b", later);
    }

    private static IReadOnlyList<LogOverlap> Read(LogDuplicates duplicates, string path, (List<Line> Lines, ClockDomain Clock) log)
    {
        foreach (var line in log.Lines)
        {
            duplicates.Add(new LogRecordFact(line.Time, -1, line.Text, new SourceRef(path, line.Number)));
        }

        return duplicates.End(new SourceSummary { Path = path, Format = "log", Sha256 = path, Clock = log.Clock });
    }

    /// <summary>What syslog makes of a time: whole seconds, in a year and zone of its own, now and then a moment later.</summary>
    private static long Wall(long time, int seed) => (Boot + (seed * 3600 * SecondNs) + time) / SecondNs * SecondNs;

    private static List<Line> Lines(int seed, int count)
    {
        var random = new Random(seed);
        var time = (long)random.Next(1, 100) * SecondNs;
        var lines = new List<Line>();
        for (var i = 0; i < count; i++)
        {
            time += random.NextInt64(1, 3 * SecondNs) / 1000 * 1000;
            var text = random.Next(4) == 0
                ? string.Create(CultureInfo.InvariantCulture, $"swiotlb_tbl_map_single: {random.Next(3, 20)} callbacks suppressed")
                : string.Create(CultureInfo.InvariantCulture, $"e1000 0000:00:03.0: swiotlb buffer is full (sz: {random.Next(1, 4) * 2048} bytes), total 2048 (slots), used {random.Next(1900, 2048)} (slots)");
            lines.Add(new Line(time, text, i + 1));
        }

        return lines;
    }

    private sealed record Line(long Time, string Text, long Number);
}
