using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Which line of a log came first: crash dumps in parts, lines with two stamps.</summary>
public class LogOrderTests
{
    private const string Full = "ahci 0000:05:00.0: swiotlb buffer is full (sz: 65536 bytes)";

    [Fact]
    public void Parts_of_a_crash_are_read_from_the_highest_number_down()
    {
        var folder = Directory.CreateTempSubdirectory("tracereplay");
        try
        {
            // The names rise with the part, and part 1 is the end of the log.
            Write("dmesg-efi-170000000001001", "Panic#2 Part1\n<4>[  103.000000] " + Full + "\n<4>[  103.100000] x\n");
            Write("dmesg-efi-170000000002001", "Panic#2 Part2\n<4>[  102.000000] " + Full + "\n<4>[  102.100000] x\n");
            Write("dmesg-efi-170000000010001", "Panic#2 Part10\n<4>[  101.000000] " + Full + "\n<4>[  101.100000] x\n");
            var sink = Reading.Paths(new ReaderOptions(), folder.FullName);

            Assert.Equal([101, 102, 103], Seconds(sink));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);
    }

    [Fact]
    public void Parts_in_one_file_are_one_boot()
    {
        var sink = Reading.Text($"Oops#1 Part1\n<4>[  103.000000] {Full}\nOops#1 Part2\n<4>[   90.000000] {Full}\n");

        Assert.All(sink.Of<LogMessageFact>(), f => Assert.Equal(1, f.Boot));
        Assert.Empty(sink.Of<BootFact>());
    }

    [Theory]
    [InlineData("Panic#2 Part", 0)]
    [InlineData("Panic#2", 0)]
    [InlineData("#2 Part1", 0)]
    [InlineData("Panic# Part1", 0)]
    [InlineData("Panic#2 Part99999999999999999999999", 0)]
    [InlineData("Emergency#2 Part12", 12)]
    public void Heads_of_parts(string head, int number) => Assert.Equal(number, KernelLog.LogPart.Of(System.Text.Encoding.UTF8.GetBytes(head)).Number);

    [Fact]
    public void Two_stamps_tell_the_distance_of_the_clocks_by_their_least()
    {
        var sink = Reading.Text(
            $"2024-03-01T10:00:05.250000+01:00 host kernel: [   40.000000] {Full}\n" +
            $"2024-03-01T10:00:02.000000+01:00 host kernel: [   41.000000] {Full}\n" +
            $"2024-03-01T10:00:09.000000+01:00 host kernel: [   42.000000] {Full}\n");

        var fact = Assert.Single(sink.Of<ClockOffsetFact>());
        var booted = (DateTime.Parse("2024-03-01T09:00:02Z", null, System.Globalization.DateTimeStyles.AdjustToUniversal) - DateTime.UnixEpoch).Ticks * 100;
        Assert.Equal((ClockDomain.BootPrintk, ClockDomain.WallUtc, booted - 41_000_000_000, 2L), (fact.From, fact.To, fact.OffsetNs, fact.Source.Line));
    }

    [Theory]
    [InlineData("Nov 22 06:13:21 host kernel: [   40.000000] ", "Nov 22 07:00:00 host kernel: [   20.000000] ", 2)]
    [InlineData("Nov 22 06:13:21 host kernel: ", "Nov 22 07:00:00 host kernel: ", 0)]
    [InlineData("[   40.000000] ", "[   41.000000] ", 0)]
    public void Every_boot_has_a_distance_of_its_own(string first, string second, int count)
    {
        var facts = Reading.Text(first + Full + "\n" + second + Full + "\n").Of<ClockOffsetFact>().ToArray();

        Assert.Equal(count, facts.Length);
        Assert.All(facts, f => Assert.Equal(ClockDomain.WallNoYear, f.To));
    }

    [Fact]
    public void A_clock_that_was_set_has_a_distance_of_its_own_and_late_lines_have_not()
    {
        // The first lines come when the daemon starts, one comes late, and from 200 s on the clock is an hour ahead.
        (double Boot, int Wall)[] lines = [(1, 30), (5, 30), (29, 30), (60, 61), (70, 99), (80, 81), (90, 91), (200, 3801), (205, 3806), (215, 3816), (230, 3831)];
        var sink = Reading.Text(string.Concat(lines.Select(l => $"{Utc(l.Wall)} host kernel: [{l.Boot,12:F6}] {Full}\n")));

        var facts = sink.Of<ClockOffsetFact>().ToArray();
        Assert.Equal([1L, 3601L], facts.Select(f => (f.OffsetNs - Ns(0)) / 1_000_000_000));
        Assert.Equal([TraceEvent.NoTime, 200_000_000_000], facts.Select(f => f.SinceNs));
        Assert.Equal([6L, 4L], facts.Select(f => f.Lines));
        Assert.All(facts, f => Assert.Equal((1, 0L), (f.Boot, f.SpreadNs)));
    }

    [Fact]
    public void A_line_with_the_daemons_stamp_only_has_its_place_among_those_with_both()
    {
        var sink = Reading.Text($"{Utc(10)} host kernel: {Full}\n{Utc(100)} host kernel: [   40.000000] {Full}\n{Utc(130)} host kernel: {Full}\n{Utc(140)} host kernel: [   80.000000] {Full}\n");

        Assert.Equal(ClockDomain.BootPrintk, sink.Sources[0].Clock);
        Assert.Equal([Ns(10), 40_000_000_000, 70_000_000_000, 80_000_000_000], sink.Of<LogMessageFact>().Select(f => f.TimeNs));
    }

    [Fact]
    public void The_line_that_sets_the_clock_tells_the_distance()
    {
        var fact = Assert.Single(Reading.Text("[    2.500000] rtc_cmos 00:01: setting system clock to 2006-01-31T08:42:05 UTC (1138696925)\n[    3.000000] x\n").Of<ClockOffsetFact>());

        Assert.Equal((ClockDomain.WallUtc, 1_138_696_922_500_000_000, 1L, 1_000_000_000L), (fact.To, fact.OffsetNs, fact.Lines, fact.SpreadNs));
    }

    private static long Ns(int seconds) => 1_144_800_000_000_000_000 + (seconds * 1_000_000_000L);

    private static string Utc(int seconds) => DateTime.UnixEpoch.AddTicks(Ns(seconds) / 100).ToString("yyyy-MM-ddTHH:mm:ss", System.Globalization.CultureInfo.InvariantCulture) + "+00:00";

    private static IEnumerable<long> Seconds(RecordingSink sink) =>
        sink.Of<LogMessageFact>().Where(f => f.IsFailure).Select(f => f.TimeNs / 1_000_000_000);
}
