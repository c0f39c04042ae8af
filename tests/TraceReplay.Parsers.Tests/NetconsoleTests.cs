using System.Globalization;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Records that netconsole sent in several datagrams, as drivers/net/netconsole.c cuts them.</summary>
public class NetconsoleTests
{
    private const string Message = "ahci 0000:05:00.0: swiotlb buffer is full (sz: 65536 bytes), total 32768 (slots), used 32011 (slots)";
    private const string Dictionary = "\n SUBSYSTEM=pci\n DEVICE=+pci:0000:05:00.0\n";

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(900)]
    [InlineData(980)]
    public void A_record_in_fragments_is_one_message(int before)
    {
        var text = new string('x', before) + " " + Message;
        var sink = Read(Fragments("6.13.0-rc1,4,468,514729715,-,caller=T12", text + Dictionary + UserData(1500)), separator: "\n");

        var fact = Assert.Single(sink.Of<LogMessageFact>());
        Assert.Equal((514729715000, 65536L, 32011L, 1L), (fact.TimeNs, fact.Bytes, fact.UsedUnits, fact.Source.Line));
        Assert.EndsWith(Message, fact.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(sink.Diagnostics, d => d.Code == "TR0153");
    }

    [Fact]
    public void A_message_cut_within_is_found_in_whatever_order_its_parts_come()
    {
        var parts = Fragments("4,468,514729715,-", Wide(980) + Message + Dictionary + UserData(1900));
        Assert.Equal(4, parts.Count);
        foreach (var order in Permutations([0, 1, 2, 3]))
        {
            var sink = Read([.. order.Select(i => parts[i])], separator: "\n");
            Assert.Equal(65536, Assert.Single(sink.Of<LogMessageFact>()).Bytes);
        }
    }

    [Fact]
    public void Fragments_glued_by_the_receiver_are_told_apart()
    {
        // The text ends in digits right before the next header: only the datagram's size tells where.
        var first = Fragments("4,468,514729715,-", Wide(935) + "12345678901234567890" + Message + "\n");
        var second = Fragments("4,470,514729999,-", Wide(940) + Message.Replace("65536", "4096", StringComparison.Ordinal) + "\n");
        var sink = Read([first[0], second[0], second[1], first[1]], separator: string.Empty);

        Assert.Equal([4096L, 65536L], sink.Of<LogMessageFact>().Select(f => f.Bytes!.Value));
        Assert.DoesNotContain(sink.Diagnostics, d => d.Code == "TR0153");
    }

    [Fact]
    public void Other_records_and_other_hosts_may_come_between()
    {
        var one = Fragments("4,468,514729715,-", Wide(960) + Message + "\n");
        var two = Fragments("4,468,514729715,-", Wide(960) + Message.Replace("05:00.0", "06:00.0", StringComparison.Ordinal) + "\n");
        var sink = Reading.Text(
            $"2026-04-12T10:00:01+00:00 10.0.0.1 {one[0]}\n2026-04-12T10:00:01+00:00 10.0.0.2 {two[0]}\n" +
            $"2026-04-12T10:00:01+00:00 10.0.0.1 4,469,514730000,-;{Message}\n" +
            $"2026-04-12T10:00:02+00:00 10.0.0.2 {two[1].TrimEnd()}\n2026-04-12T10:00:02+00:00 10.0.0.1 {one[1]}");

        Assert.Equal([false, true, false], sink.Of<LogMessageFact>().Select(f => f.Text.Contains("0000:06:00.0: swiotlb", StringComparison.Ordinal)));
        Assert.Equal([514730000000, 514729715000, 514729715000], sink.Of<LogMessageFact>().Select(f => f.TimeNs));
        Assert.Equal([3L, 2L, 1L], sink.Of<LogMessageFact>().Select(f => f.Source.Line));
    }

    [Fact]
    public void A_lost_fragment_is_counted_and_the_rest_is_read()
    {
        var parts = Fragments("4,468,514729715,-", Message + Wide(2500) + "\n");
        var sink = Read([parts[0], parts[2]], separator: "\n", options: new ReaderOptions { KeepAllLines = true });

        Assert.Equal(65536, Assert.Single(sink.Of<LogMessageFact>()).Bytes);
        var told = Assert.Single(sink.Diagnostics, d => d.Code == "TR0153");
        Assert.Equal(Severity.DataLoss, told.Severity);
        var lost = Encoding.UTF8.GetByteCount(parts[1][(parts[1].IndexOf(';', StringComparison.Ordinal) + 1)..]);
        Assert.Contains($" [... {lost} bytes missing ...] ", Assert.Single(sink.Of<LogRecordFact>()).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_fragment_may_be_the_lost_one()
    {
        var parts = Fragments("4,468,514729715,-", Wide(1200) + " " + Message + "\n");
        var sink = Read([parts[1]], separator: "\n");

        Assert.Equal((65536L, 514729715000), (Assert.Single(sink.Of<LogMessageFact>()).Bytes!.Value, sink.Of<LogMessageFact>().First().TimeNs));
        Assert.Single(sink.Diagnostics, d => d.Code == "TR0153");
    }

    [Theory]
    [InlineData("4,468,514729715,-,ncfrag=18446744073709551615/18446744073709551615;")]
    [InlineData("4,468,514729715,-,ncfrag=-1/100;")]
    [InlineData("4,468,514729715,-,ncfrag=100/100;")]
    [InlineData("4,468,514729715,-,ncfrag=0/999999999;")]
    [InlineData("4,468,514729715,-,ncfrag=;")]
    [InlineData("ncfrag=0/100;")]
    [InlineData(",ncfrag=0/100;")]
    public void What_is_no_fragment_is_read_as_it_stands(string header) =>
        Assert.Equal(65536, Assert.Single(Reading.Text($"4,1,5,-;first\n{header}{Message}\n4,2,6,-;last\n").Of<LogMessageFact>()).Bytes);

    [Fact]
    public void Fragments_that_never_become_whole_stay_within_bounds()
    {
        var text = new StringBuilder();
        for (var i = 0; i < 3000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"4,{i},{i},-,ncfrag=0/60000;{Message} {Wide(880)}\n");
        }

        for (var i = 0; i < 3000; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"4,9999,1,-,ncfrag={i * 2}/60000;\n");
        }

        var sink = Reading.Text(text.ToString());
        Assert.Equal(3000, sink.Of<LogMessageFact>().Count());
        Assert.Contains(sink.Diagnostics, d => d.Code == "TR0153" && d.Message.Contains(" of 3024 records ", StringComparison.Ordinal));
    }

    private static RecordingSink Read(IReadOnlyList<string> parts, string separator, ReaderOptions? options = null) =>
        Reading.Text(string.Join(separator, parts.Select(p => separator.Length == 0 ? p : p.TrimEnd('\n'))) + "\n", options: options);

    /// <summary>send_fragmented_body: each datagram is the header, <c>,ncfrag=OFFSET/TOTAL;</c> and what fits into 1000 bytes.</summary>
    private static List<string> Fragments(string header, string body)
    {
        const int MaxPrintChunk = 1000;
        List<string> parts = [];
        for (var offset = 0; offset < body.Length;)
        {
            var head = string.Create(CultureInfo.InvariantCulture, $"{header},ncfrag={offset}/{body.Length};");
            var chunk = Math.Min(body.Length - offset, MaxPrintChunk - head.Length);
            parts.Add(head + body[offset..(offset + chunk)]);
            offset += chunk;
        }

        return parts;
    }

    private static string Wide(int length) => string.Concat(Enumerable.Repeat("abcdefghi ", (length / 10) + 1))[..length];

    private static string UserData(int length) => " release=" + new string('u', length) + "\n";

    private static IEnumerable<int[]> Permutations(int[] items) => items.Length == 1
        ? [items]
        : items.SelectMany(first => Permutations([.. items.Where(i => i != first)]).Select(rest => (int[])[first, .. rest]));
}
