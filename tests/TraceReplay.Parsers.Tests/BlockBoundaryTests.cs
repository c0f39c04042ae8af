using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.Tests;

/// <summary>Content is read in blocks; nothing may depend on where one ends.</summary>
public class BlockBoundaryTests
{
    private const string First = "> rtl8821ae 0000:02:00.0:";
    private const string Second = "> swiotlb buffer is full (sz: 81";
    private const string Third = "> bytes), total 32768 (slots), used 7 (slots)";

    /// <summary>A message over three lines, each of which begins or ends near the end of the first block.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_wrapped_message_is_found_across_blocks(int line)
    {
        string[] lines = ["> [    1.000000] " + First[2..], Second, Third];
        for (var shift = -3; shift <= 3; shift++)
        {
            var before = lines.Take(line).Sum(l => l.Length + 1);
            var filler = new StringBuilder();
            while (filler.Length < BlockPump.BlockBytes - before - 100)
            {
                filler.Append("[    0.000001] nothing of interest here\n");
            }

            var rest = BlockPump.BlockBytes - before - filler.Length + shift;
            filler.Append('x', rest - 1).Append('\n');

            var sink = Reading.Text(filler + string.Join('\n', lines) + "\nend\n" + filler);

            var fact = Assert.Single(sink.Of<LogMessageFact>());
            Assert.Equal(("0000:02:00.0", 81L, 32768L, 7L, 1_000_000_000L), (fact.Device, fact.Bytes, fact.TotalUnits, fact.UsedUnits, fact.TimeNs));
        }
    }

    /// <summary>Lines are numbered by counting line ends between the lines that say something, whatever block they lie in.</summary>
    [Fact]
    public void Line_numbers_are_right_in_every_block()
    {
        const string Message = "[    1.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes), total 0 (slots), used 0 (slots)\n";
        var text = new StringBuilder();
        var wanted = new List<long>();
        var random = new Random(3);
        for (var number = 1L; text.Length < 5 * BlockPump.BlockBytes; number++)
        {
            var isMessage = random.Next(50) == 0;
            text.Append(isMessage ? Message : random.Next(10) == 0 ? "\n" : "[    1.000000] e1000: link up, buffer of " + random.Next() + " bytes\n");
            if (isMessage)
            {
                wanted.Add(number);
            }
        }

        var sink = Reading.Text(text.ToString());

        Assert.Equal(wanted, sink.Of<LogMessageFact>().Select(f => f.Source.Line));
        Assert.Equal(text.ToString().AsSpan().Count('\n'), sink.Sources.Single().Records);
    }
}
