using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.KernelLog;

namespace TraceReplay.Parsers.Tests;

/// <summary>Every wording of the catalog, filled with sample values, is found in a log and comes back as its family.</summary>
public class CatalogTests
{
    // Far enough apart that no message is taken for an echo of the one before.
    private const int Distance = 200;

    public static TheoryData<string> Families => [.. MessageCatalog.Shared.Families
        .Where(f => f.Use is MessageUse.Message or MessageUse.Geometry or MessageUse.Usage or MessageUse.Suppressed).Select(f => f.Name).Distinct(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_wording_of_a_family_is_found(string name)
    {
        var wordings = MessageCatalog.Shared.Families.Where(f => f.Name == name)
            .SelectMany(f => f.Templates.Select(t => (f.IsFailure, f.Pool, Text: f.Prefix + string.Concat(t.Parts.Select(Sample))))).ToArray();
        var log = new StringBuilder();
        foreach (var (_, _, text) in wordings)
        {
            log.Append("[    2.000000] e1000 0000:00:03.0: ").Append(text).Append('\n').Insert(log.Length, "[    3.000000] nothing\n", Distance - 1);
        }

        var facts = Reading.Text(log.ToString()).Of<LogMessageFact>().ToArray();

        Assert.Equal(wordings.Length, facts.Length);
        Assert.All(facts.Zip(wordings), pair =>
        {
            // A wording of one driver may be one of the general shapes as well.
            Assert.True(pair.First.Family == name || pair.First.Kind == PoolKind.Driver, $"{pair.Second.Text}: {pair.First.Family}");
            Assert.Equal((pair.Second.IsFailure, pair.Second.Pool, 2_000_000_000L), (pair.First.IsFailure, pair.First.Kind, pair.First.TimeNs));
            Assert.Equal(1, pair.First.Source.Line % Distance);
        });
    }

    [Fact]
    public void Every_wording_holds_an_anchor_of_its_family() => Assert.All(
        MessageCatalog.Shared.Families,
        family => Assert.All(family.Templates, template => Assert.Contains(family.Anchors, anchor => (family.Prefix + template.Sample).Contains(anchor, family.IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal))));

    [Theory]
    [InlineData("HDA Intel 0000:00:1b.0", "HDA Intel", "0000:00:1b.0")]
    [InlineData("Intel ICH 0000:00:1f.5", "Intel ICH", "0000:00:1f.5")]
    [InlineData("3w-9xxx 0000:02:00.0", "3w-9xxx", "0000:02:00.0")]
    [InlineData("caam_jr 31430000.jr", "caam_jr", "31430000.jr")]
    public void Driver_and_device_are_told_apart(string prefix, string driver, string device)
    {
        var fact = Reading.Text($"[    2.000000] {prefix}: swiotlb buffer is full (sz: 4096 bytes)\n").Of<LogMessageFact>().Single();
        Assert.Equal((driver, device), (fact.Driver, fact.Device));
    }

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
