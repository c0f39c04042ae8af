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

    private static IEnumerable<long> Seconds(RecordingSink sink) =>
        sink.Of<LogMessageFact>().Where(f => f.IsFailure).Select(f => f.TimeNs / 1_000_000_000);
}
