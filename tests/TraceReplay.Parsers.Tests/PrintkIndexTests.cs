using System.Text;
using TraceReplay.Core;
using TraceReplay.TestSupport;

namespace TraceReplay.Parsers.Tests;

/// <summary>What the kernel can print of its pools, as the kernel's own index and its sources of 2.4.21 to 6.12 say, is known.</summary>
public class PrintkIndexTests
{
    /// <summary>Formats of the index (everything with "dma" in file, function or text) that say nothing of a pool.</summary>
    private static readonly (string Part, string Reason)[] NotOfPools =
    [
        ("kernel/dma.c:", "channels of the ISA DMA controller"),
        ("drivers/pnp/", "resources of ISA plug and play"),
        ("drivers/pci/pci.c:", "requester ids that share an IOMMU entry"),
        ("drivers/pci/quirks.c:", "requester ids of bridges"),
        ("drivers/misc/mei/hbm.c", "the management engine's own protocol"),
        ("drivers/misc/mei/client.c", "the management engine's own protocol"),
        ("drivers/misc/mei/bus.c", "the management engine's own protocol"),
        ("drivers/scsi/hosts.c:", "registration of a host"),
        ("net/ipv4/tcp.c:", "device memory of TCP"),
        ("arch/x86/pci/fixup.c:", "top of memory of a chipset"),
        ("kernel/dma/debug.c:533 ", "an entry of the dump, told by its own test below"),
    ];

    public static TheoryData<string> Index => Formats("index-6.12.txt");

    public static TheoryData<string> Pools => Formats("pools.tsv");

    [Theory]
    [MemberData(nameof(Index))]
    public void A_format_of_the_index_is_known_or_left_out_for_a_reason(string entry)
    {
        var format = entry[(entry.IndexOf('"', StringComparison.Ordinal) + 1)..entry.LastIndexOf('"')];
        var found = Found(PrintkFormat.Render(format, entry.Split(' ')[2]));
        if (Array.Exists(NotOfPools, x => entry.Contains(x.Part, StringComparison.Ordinal)))
        {
            Assert.Empty(found);
            return;
        }

        Check(format, Assert.Single(found));
    }

    [Theory]
    [MemberData(nameof(Pools))]
    public void A_format_of_a_pool_is_known_by_its_family(string entry)
    {
        var (family, format) = (entry.Split('\t')[0], entry.Split('\t')[2]);

        var fact = Assert.Single(Found(PrintkFormat.Render(format)));

        Assert.Equal((family.TrimEnd('!'), family.EndsWith('!')), (fact.Family, fact.IsFailure));
        Check(format, fact);
    }

    [Theory]
    [InlineData("page idx 17 P=0x000000007bfdd000 D=7bfdd000 L=600 cln=0x0000000001eff740 DMA_FROM_DEVICE dma map error checked")]
    [InlineData("scather-gather idx 17 P=7bfdd000 N=7bfdd D=7bfdd000 L=600 DMA_TO_DEVICE dma map error not checked")]
    [InlineData("coherent idx 17 P=7bfdd000 D=7bfdd000 L=600 DMA_BIDIRECTIONAL")]
    public void A_mapping_of_the_dump_has_its_size(string text)
    {
        var fact = Assert.Single(Found($"{PrintkFormat.Driver} {PrintkFormat.Device}: {text}"));

        Assert.Equal(("dma-debug-mapping", 0x600L, PrintkFormat.Device), (fact.Family, fact.Bytes, fact.Device));
    }

    [Theory]
    [InlineData("iommu_alloc failed, tbl c00000000263c480 vaddr c0000000d7967000 npages 10", 16)]
    [InlineData("lpfc 0001:00:03.0: iommu_alloc failed, tbl c00000000263c480 vaddr c0000000d7967000 npages 10", 10)]
    [InlineData("iommu_alloc_sg failed, tbl c00000000263c480 vaddr c0000000d7967000 npages e", 14)]
    public void Pages_are_hexadecimal_until_the_device_is_named(string text, long pages) => Assert.Equal(pages, Assert.Single(Found(text)).Pages);

    private static TheoryData<string> Formats(string file) =>
        [.. File.ReadLines(Places.InCheckout("tests", "TraceReplay.Parsers.Tests", "printk", file)).Where(line => line.Length > 0 && line[0] != '#')];

    private static LogMessageFact[] Found(string message) =>
        [.. Reading.Text(new StringBuilder().Append("[    2.000000] ").Append(message).Append("\n[    3.000000] nothing\n").ToString(), options: new ReaderOptions { InputFormat = "dmesg" }).Of<LogMessageFact>()];

    private static void Check(string format, LogMessageFact fact)
    {
        if (format.StartsWith("%s %s: ", StringComparison.Ordinal) || format.StartsWith("DMA-API: %s %s: ", StringComparison.Ordinal))
        {
            Assert.Equal((PrintkFormat.Driver, PrintkFormat.Device), (fact.Driver, fact.Device));
        }

        // Numbers that have a place of their own in the fact are there.
        foreach (var (name, value) in new (string, long?)[] { ("bytes", fact.Bytes), ("pages", fact.Pages), ("total", fact.TotalUnits), ("used", fact.UsedUnits), ("suppressed", fact.Suppressed) })
        {
            Assert.Equal(fact.Fields.ContainsKey(name), value is PrintkFormat.Number or 0x42 or 0x1ffc0);
        }
    }
}
