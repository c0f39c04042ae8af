using System.Text;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Tests;

/// <summary>The fast search against a plain one, over the catalog's own anchors.</summary>
public class LiteralScannerTests
{
    private static readonly byte[][] Anchors =
        [.. MessageCatalog.Shared.Families.SelectMany(f => f.Anchors).Distinct(StringComparer.Ordinal).Select(Encoding.UTF8.GetBytes)];

    public static TheoryData<string> Samples => new()
    {
        string.Empty,
        "abc",
        string.Concat(Enumerable.Repeat("[    1.000000] pci 0000:00:01.0: swiotlb buffer is full, DMA map failed\n", 500)),
        new string('\0', 5000),
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void Agrees_with_a_plain_search_whatever_it_was_prepared_for(string sample)
    {
        var scanner = MessageCatalog.Shared.Scanner.For(Encoding.UTF8.GetBytes(sample));
        var random = new Random(7);
        var found = new bool[Anchors.Length];
        for (var round = 0; round < 3000; round++)
        {
            var text = Text(random);

            var at = scanner.IndexOf(text);
            Array.Clear(found);
            scanner.FindAll(text, found);

            Assert.Equal(Anchors.Select(a => text.AsSpan().IndexOf(a) >= 0), found);
            Assert.Equal(found.Contains(true), at >= 0);
            Assert.True(at < 0 || Anchors.Any(a => text.AsSpan(at).StartsWith(a)));
        }
    }

    [Fact]
    public void Literals_too_short_to_be_searched_are_refused() => Assert.Throws<ArgumentException>(() => new LiteralScanner(["DMA"u8.ToArray()]));

    /// <summary>Junk of any length with up to three anchors in it, also cut off at its end.</summary>
    private static byte[] Text(Random random)
    {
        var text = new byte[random.Next(0, 200)];
        random.NextBytes(text);
        for (var n = random.Next(4); n > 0; n--)
        {
            var anchor = Anchors[random.Next(Anchors.Length)];
            var at = random.Next(0, text.Length + 1);
            anchor.AsSpan(0, Math.Min(anchor.Length, text.Length - at)).CopyTo(text.AsSpan(at));
        }

        return text;
    }
}
