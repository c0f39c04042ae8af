using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.KernelLog;

namespace TraceReplay.Parsers.Tests;

/// <summary>Every wording of the catalog, filled with sample values, is found in a log and comes back as its family.</summary>
public class CatalogTests
{
    public static TheoryData<string, string> Wordings
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var family in MessageCatalog.Shared.Families.Where(f => f.Use is MessageUse.Message or MessageUse.Geometry))
            {
                foreach (var template in family.Templates)
                {
                    data.Add(family.Name, family.Prefix + string.Concat(template.Parts.Select(Sample)));
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Wordings))]
    public void A_wording_is_found(string family, string message)
    {
        var sink = Reading.Text($"[    1.000000] Linux version 6.1.0\n[    2.000000] e1000 0000:00:03.0: {message}\n[    3.000000] nothing\n");

        var fact = Assert.Single(sink.Of<LogMessageFact>());
        Assert.Equal((family, 2L, 2_000_000_000L), (fact.Family, fact.Source.Line, fact.TimeNs));
    }

    [Fact]
    public void Every_wording_holds_an_anchor_of_its_family() => Assert.All(
        MessageCatalog.Shared.Families,
        family => Assert.All(family.Templates, template => Assert.Contains(family.Anchors, anchor => (family.Prefix + template.Text).Contains(anchor, StringComparison.Ordinal))));

    [Theory]
    [InlineData("<4>[   12.345678] ", 12_345_678_000)]
    [InlineData("[12345678.123456] ", 12_345_678_123_456_000)]
    [InlineData("[   12.345678][  T123] ", 12_345_678_000)]
    [InlineData("kern  :warn  : [   12.345678] ", 12_345_678_000)]
    [InlineData("Nov 22 06:13:21 host kernel: [   12.345678] ", 12_345_678_000)]
    [InlineData("2026-11-22T06:13:21.234567+00:00 host kernel: [   12.345678] ", 12_345_678_000)]
    [InlineData("2026-11-22T06:13:21.234567+00:00 host kernel: ", 1_795_328_001_234_567_000)]
    [InlineData("2026-11-22T08:13:21,234567+02:00 ", 1_795_328_001_234_567_000)]
    [InlineData("2026-11-22T06:13:21+0000 host kernel: ", 1_795_328_001_000_000_000)]
    [InlineData("Sun 2026-11-22 06:13:21 UTC host kernel: ", 1_795_328_001_000_000_000)]
    [InlineData("1795328001.234567 host kernel: ", 1_795_328_001_234_567_000)]
    [InlineData("[Sun Nov 22 06:13:21 2026] ", 1_795_328_001_000_000_000)]
    [InlineData("4,339,12345678,-;", 12_345_678_000)]
    [InlineData("4,339,12345678,-,caller=T1;", 12_345_678_000)]
    [InlineData("[   29.063809 <   18.465003>] ", 29_063_809_000)]
    [InlineData("> > [   12.345678] ", 12_345_678_000)]
    [InlineData("Nov 22 06:13:21 host kern.warn kernel: [   12.345678] ", 12_345_678_000)]
    [InlineData("<4>[  123.456789] (2)[123:kworker/2:1]", 123_456_789_000)]
    [InlineData("<6>[  123.456789]-(0)[0:swapper/0]", 123_456_789_000)]
    [InlineData("[   12.345678] I[2:  kworker/2:1:  123] ", 12_345_678_000)]
    [InlineData("[2026-11-22 06:13:21] [   12.345678] ", 12_345_678_000)]
    public void Envelopes_are_taken_off(string envelope, long time)
    {
        var sink = Reading.Text($"{envelope}e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes), total 0 (slots), used 0 (slots)\n");

        var fact = Assert.Single(sink.Of<LogMessageFact>());
        Assert.Equal((time, "0000:00:03.0", "e1000", 81L), (fact.TimeNs, fact.Device, fact.Driver, fact.Bytes));
    }

    private static string Sample(TemplatePart part) => part.Literal is not null ? Encoding.UTF8.GetString(part.Literal) : part.Type switch
    {
        FieldType.Decimal => "42",
        FieldType.Hex => "ffc0",
        FieldType.Number => "0x1ffc0",
        FieldType.Pages => "16",
        FieldType.Word => part.Name is "device" ? "0000:00:03.0" : "word",
        _ => "some text",
    };
}
