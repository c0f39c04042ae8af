using System.Formats.Tar;
using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>The year of stamps that have none (RFC 3164): found out where something tells it, and else not made up.</summary>
public class LogYearTests
{
    private const string Full = "ahci 0000:05:00.0: swiotlb buffer is full (sz: 65536 bytes)";

    [Theory]
    [InlineData("messages-20060412", "Apr 11 10:00:00|Apr 12 04:02:00", "2006-04-11 2006-04-12")]
    [InlineData("messages-2007-01-03.txt", "Dec 30 10:00:00|Jan  2 10:00:00", "2006-12-30 2007-01-02")]
    [InlineData("db1_20070103_0930.log", "Dec 30 10:00:00", "2006-12-30")]
    [InlineData("kern.log.20080301120000", "Feb 28 10:00:00|Feb 29 10:00:00|Mar  1 10:00:00", "2008-02-28 2008-02-29 2008-03-01")]
    public void A_date_in_the_name_is_not_before_the_last_line(string name, string stamps, string days)
    {
        var sink = Reading.Text(Log(stamps), name);

        Assert.Equal(days, Days(sink));
        Assert.Equal((ClockDomain.WallLocalUnknownZone, YearOrigin.FileName), (sink.Sources[0].Clock, sink.Sources[0].YearFrom));
        Assert.Equal(int.Parse(days[..4], CultureInfo.InvariantCulture), sink.Sources[0].Year);
        Assert.Contains(sink.Diagnostics, d => d.Code == "TR0154" && d.Message.Contains("its name tells", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("messages-20061345")]
    [InlineData("messages-200604123")]
    [InlineData("messages-20070301", "Feb 29 10:00:00")]
    [InlineData("input.txt")]
    [InlineData("18500101.txt")]
    public void Where_nothing_tells_the_year_it_is_not_made_up(string name, string stamps = "Apr 11 10:00:00|Apr 12 04:02:00")
    {
        var sink = Reading.Text(Log(stamps), name);

        Assert.Equal((ClockDomain.WallNoYear, null, YearOrigin.None), (sink.Sources[0].Clock, sink.Sources[0].Year, sink.Sources[0].YearFrom));
        Assert.All(Times(sink), t => Assert.InRange(t, 0, YearlessTime.YearNs));
        Assert.Equal("Apr 11 10:00:00", stamps.StartsWith("Apr", StringComparison.Ordinal) ? YearlessTime.Text(Times(sink).First()) : "Apr 11 10:00:00");
        Assert.Contains(sink.Diagnostics, d => d is { Code: "TR0155", Severity: Severity.Warning });
    }

    [Theory]
    [InlineData("2006-04-12T20:02:05", "2006-04-12", true)]
    [InlineData("2006-04-12T04:02:05", "2006-04-12", true)]
    [InlineData("2006-04-15T04:02:05", null, false)]
    [InlineData("2006-04-10T04:02:05", null, false)]
    public void The_time_of_change_counts_where_it_is_that_of_the_last_line(string changed, string? day, bool isKnown)
    {
        // Lines of no interest stand behind: the last line is what is compared, not the last message.
        var sink = File(Log("Apr  2 10:00:00") + "Apr 12 04:02:00 db1 sshd[12]: closed\n", changed, new ReaderOptions());

        Assert.Equal(isKnown ? (2006, YearOrigin.FileTime) : (null, YearOrigin.None), (sink.Sources[0].Year, sink.Sources[0].YearFrom));
        Assert.Equal(day is null ? ClockDomain.WallNoYear : ClockDomain.WallLocalUnknownZone, sink.Sources[0].Clock);
        Assert.Equal(isKnown ? "2006-04-02" : "1970-04-02", isKnown ? Days(sink) : "1970-04-02");
    }

    [Fact]
    public void A_member_of_an_archive_has_its_own_time_of_change()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Ustar, leaveOpen: true))
        {
            var entry = new UstarTarEntry(TarEntryType.RegularFile, "var/log/messages")
            {
                DataStream = new MemoryStream(Encoding.UTF8.GetBytes(Log("Dec 31 23:50:00|Jan  1 00:10:00"))),
                ModificationTime = new DateTimeOffset(2007, 1, 1, 0, 10, 1, TimeSpan.Zero),
            };
            tar.WriteEntry(entry);
        }

        var sink = Reading.Bytes(bytes.ToArray(), "case.tar");
        Assert.Equal("2006-12-31 2007-01-01", Days(sink));
        Assert.Equal((2006, YearOrigin.FileTime), (sink.Sources[0].Year, sink.Sources[0].YearFrom));
    }

    [Theory]
    [InlineData("Jan 31 08:42:10 db1 kernel: rtc_cmos 00:01: setting system clock to 2006-01-31T08:42:05 UTC (1138696925)", "2006-01-30 2006-01-31")]
    [InlineData("Jan 31 08:42:10 db1 kernel: rtc_cmos 00:01: setting the system clock to 2006-01-31 08:42:05 (1138696925)", "2006-01-30 2006-01-31")]
    [InlineData("Jan 31 08:42:10 db1 kernel: setting system clock to 2006-01-31 08:42:05 UTC", "2006-01-30 2006-01-31")]
    [InlineData("2006-01-31T08:42:10+01:00 db1 kernel: " + Full, "2006-01-30 2006-01-31 2006-01-31")]
    [InlineData("Jan 31 08:42:10 2006 db1 kernel: " + Full, "2006-01-30 2006-01-31 2006-01-31")]
    public void Another_line_of_the_log_may_tell_it(string line, string days)
    {
        // The name says otherwise, and counts less.
        var sink = Reading.Text(Log("Jan 30 23:00:00") + line + "\n" + Log("Jan 31 23:00:00"), "messages-20110201");

        Assert.Equal(days, Days(sink));
        Assert.Equal((2006, YearOrigin.Log), (sink.Sources[0].Year, sink.Sources[0].YearFrom));
    }

    [Fact]
    public void New_Year_between_a_stamp_and_the_clock_in_UTC_is_no_year()
    {
        var sink = Reading.Text("Jan  1 00:10:00 db1 kernel: setting system clock to 2005-12-31T23:09:55 UTC (1136070595)\n" + Log("Jan  1 00:10:00"));

        Assert.Equal("2006-01-01", Days(sink));
    }

    [Fact]
    public void The_system_clock_tells_when_the_machine_booted()
    {
        var sink = Reading.Text("[    2.500000] rtc_cmos 00:01: setting system clock to 2006-01-31T08:42:05 UTC (1138696925)\n[    3.000000] x\n");

        Assert.Equal("2006-01-31T08:42:02Z", sink.Of<MachineFact>().Single(m => m.BootTime is not null).BootTime);
    }

    [Fact]
    public void The_kernels_build_and_the_files_change_may_leave_one_year()
    {
        const string Banner = "Apr 11 09:00:00 db1 kernel: Linux version 2.6.9-34.EL (b@x) (gcc version 3.4.5) #1 Fri Feb 24 16:44:51 EST {0}\n";
        var one = File(string.Format(CultureInfo.InvariantCulture, Banner, 2006) + Log("Apr 11 10:00:00"), "2006-12-01T00:00:00", new ReaderOptions());
        var many = File(string.Format(CultureInfo.InvariantCulture, Banner, 2006) + Log("Apr 11 10:00:00"), "2009-12-01T00:00:00", new ReaderOptions());

        Assert.Equal((2006, YearOrigin.Bounds), (one.Sources[0].Year, one.Sources[0].YearFrom));
        Assert.Null(many.Sources[0].Year);
        Assert.Contains(many.Diagnostics, d => d.Code == "TR0155" && d.Message.Contains("not before 2006", StringComparison.Ordinal) && d.Message.Contains("not after 2009", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Linux version 2.6.9 (gcc) #1 Fri Feb 24 16:44:51 EST 2006", 2006)]
    [InlineData("6.1.0-56-amd64 (x) #1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-11-16)", 2026)]
    [InlineData("2.6.9 (gcc version 3.4)", null)]
    [InlineData("", null)]
    [InlineData("x 1234", null)]
    public void Year_of_a_build(string banner, int? year) => Assert.Equal(year, KernelIdentity.KernelVersion.BuildYear(banner));

    [Fact]
    public void What_the_user_says_is_the_year_of_the_last_line()
    {
        var sink = Reading.Text(Log("Dec 31 10:00:00|Jan  1 10:00:00"), "messages-20110201", new ReaderOptions { Year = 2007 });

        Assert.Equal("2006-12-31 2007-01-01", Days(sink));
        Assert.Equal(YearOrigin.Option, sink.Sources[0].YearFrom);
    }

    [Fact]
    public void Another_log_of_the_case_may_tell_it()
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay");
        try
        {
            foreach (var (name, text) in new[] { ("a.log", $"2006-04-11T10:00:00Z db1 kernel: {Full}\n2006-04-12T10:00:00Z db1 kernel: {Full}\n"), ("b.log", Log("Apr 12 11:00:00")) })
            {
                var path = Path.Combine(folder.FullName, name);
                System.IO.File.WriteAllText(path, text);
                System.IO.File.SetLastWriteTimeUtc(path, new DateTime(1985, 6, 15, 0, 0, 0, DateTimeKind.Utc));
            }

            var sink = Reading.Paths(new ReaderOptions(), folder.FullName);
            Assert.Equal("2006-04-11 2006-04-12 2006-04-12", Days(sink));
            Assert.Equal(YearOrigin.OtherLog, sink.Sources[1].YearFrom);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("Nov 30 10:00:00|Dec 31 23:59:59|Jan  1 00:00:03|Feb  1 00:00:00", "2005-11-30 2005-12-31 2006-01-01 2006-02-01")]
    [InlineData("Dec 31 23:59:59|Jan  1 00:00:01|Dec 31 23:59:58|Jan  1 00:00:02", "2005-12-31 2006-01-01 2005-12-31 2006-01-01")]
    [InlineData("Oct 10 10:00:00|Jan  1 00:00:12|Oct 10 10:05:00|Oct 11 00:00:00", "2005-10-10 2006-01-01 2005-10-10 2005-10-11")]
    [InlineData("Mar 10 10:00:00|Jan  1 00:00:12|Mar 10 10:05:00|Mar 11 00:00:00", "2006-03-10 2006-01-01 2006-03-10 2006-03-11")]
    [InlineData("Jan 10 10:00:00|Sep 10 10:00:00|Dec 24 00:00:00|Jan 10 00:00:00", "2005-01-10 2005-09-10 2005-12-24 2006-01-10")]
    public void Months_that_fall_back_are_a_new_year_and_small_steps_are_not(string stamps, string days)
    {
        var last = stamps[(stamps.LastIndexOf('|') + 1)..];
        var name = last.StartsWith("Oct", StringComparison.Ordinal) ? "messages-20051231" : "messages-20060501";
        Assert.Equal(days, Days(Reading.Text(Log(stamps), name)));
    }

    [Fact]
    public void A_clock_that_was_set_back_is_told()
    {
        var sink = Reading.Text(Log("Apr 12 10:00:00|Apr 12 07:00:00|Apr 12 07:00:01"), "messages-20060413");

        Assert.Equal([10, 7, 7], Times(sink).Select(t => DateTime.UnixEpoch.AddTicks(t / 100).Hour));
        Assert.Contains(sink.Diagnostics, d => d.Code == "TR0157" && d.Message.Contains("once by 3 hours", StringComparison.Ordinal));
        Assert.DoesNotContain(Reading.Text(Log("Oct 29 02:59:00|Oct 29 02:00:00")).Diagnostics, d => d.Code == "TR0157");
    }

    [Fact]
    public void Many_messages_do_not_wait_for_the_end_of_the_log()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 20_000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"Apr 12 {i / 3600:D2}:{i / 60 % 60:D2}:{i % 60:D2} db1 kernel: {Full}\n");
        }

        var last = "2006-04-12T05:33:21";
        Assert.Equal((2006, YearOrigin.FileTime), (File(text.ToString(), last, new ReaderOptions()).Sources[0].Year, YearOrigin.FileTime));

        // A line behind that says otherwise comes too late, and is told.
        text.Append("Apr 12 06:00:00 db1 kernel: setting system clock to 2005-04-12T06:00:00 UTC (1113285600)\n");
        var late = File(text.ToString(), "2006-04-12T06:00:01", new ReaderOptions());
        Assert.Equal(2006, late.Sources[0].Year);
        Assert.Contains(late.Diagnostics, d => d.Code == "TR0156" && d.Message.Contains("2005", StringComparison.Ordinal) && d.Message.Contains("2006", StringComparison.Ordinal));
    }

    [Fact]
    public void Hostile_stamps_stay_within_bounds()
    {
        var text = string.Concat(Enumerable.Range(0, 2000).Select(i => Log(i % 2 == 0 ? "Dec 31 10:00:00" : "Mar  1 10:00:00")));
        var sink = Reading.Text(text);

        Assert.All(Times(sink), t => Assert.InRange(t, -YearlessTime.YearNs, 70 * YearlessTime.YearNs));
        Assert.Equal(2000, Times(sink).Count());
    }

    [Fact]
    public void Two_stamps_without_year_tell_the_clocks_distance_in_the_year()
    {
        var sink = Reading.Text($"Jan  2 00:00:40 host kernel: [   40.000000] {Full}\n", "messages-20060110");

        var fact = Assert.Single(sink.Of<ClockOffsetFact>());
        Assert.Equal((ClockDomain.WallLocalUnknownZone, new DateTime(2006, 1, 2)), (fact.To, DateTime.UnixEpoch.AddTicks(fact.OffsetNs / 100)));
        Assert.Equal(ClockDomain.WallNoYear, Assert.Single(Reading.Text($"Jan  2 00:00:40 host kernel: [   40.000000] {Full}\n").Of<ClockOffsetFact>()).To);
    }

    private static string Log(string stamps) => string.Concat(stamps.Split('|').Select(stamp => $"{stamp} db1 kernel: {Full}\n"));

    private static RecordingSink File(string text, string changed, ReaderOptions options)
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay");
        try
        {
            var path = Path.Combine(folder.FullName, "messages");
            System.IO.File.WriteAllText(path, text);
            System.IO.File.SetLastWriteTimeUtc(path, DateTime.Parse(changed + "Z", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
            return Reading.Paths(options, path);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IEnumerable<long> Times(RecordingSink sink) => sink.Of<LogMessageFact>().Where(f => f.IsFailure).Select(f => f.TimeNs);

    private static string Days(RecordingSink sink) =>
        string.Join(' ', Times(sink).Select(t => DateTime.UnixEpoch.AddTicks(t / 100).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
}
