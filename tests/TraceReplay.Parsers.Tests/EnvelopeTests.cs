using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>What may stand around a kernel message: every shape of spec formats.md 1.1 to 1.16.</summary>
public class EnvelopeTests
{
    private const string Message = "e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes), total 32768 (slots), used 17 (slots)";

    // 22 November of a year that is not known (LogYears), and of 2026.
    private const long NoYear = 28_188_801_000_000_000;
    private const long Wall = 1_795_328_001_000_000_000;
    private const long Boot = 12_345_678_000;

    [Theory]
    [InlineData("<4>[   12.345678] ", Boot)]
    [InlineData("<12>[   12.345678] ", Boot)]
    [InlineData("[   12.345678][    C0] ", Boot)]
    [InlineData("<4>[   12.345678][  T123] ", Boot)]
    [InlineData("kern  :warn  : [   12.345678] ", Boot)]
    [InlineData("kern  :warn  : [Sun Nov 22 06:13:21 2026] ", Wall)]
    [InlineData("[Sun Nov 22 06:13:21 2026] ", Wall)]
    [InlineData("2026-11-22T06:13:21,000000+00:00 ", Wall)]
    [InlineData("[   12.345678 <    0.000100>] ", Boot)]
    [InlineData("kern  :warn  : [   12.345678 <    0.000100>] ", Boot)]
    [InlineData("4,339,12345678,-;", Boot)]
    [InlineData("4,339,12345678,c,caller=C1;", Boot)]
    [InlineData("6.13.0-xyz,4,339,12345678,-,caller=T1;", Boot)]
    [InlineData("Nov 22 06:13:21 host kernel: ", NoYear)]
    [InlineData("Nov 22 06:13:21 host kernel: [   12.345678] ", Boot)]
    [InlineData("Nov 22 06:13:21 host kernel:  [   12.345678] ", Boot)]
    [InlineData("Nov 22 06:13:21 host kernel:[   12.345678] ", Boot)]
    [InlineData("<4>Nov 22 06:13:21 host kernel: [   12.345678] ", Boot)]
    [InlineData("Nov 22 06:13:21.234567 host kernel: ", NoYear + 234_567_000)]
    [InlineData("Nov 22 06:13:21 2026 host kernel: ", Wall)]
    [InlineData("Nov 22 06:13:21 host user.info kernel: [   12.345678] ", Boot)]
    [InlineData("Nov 22 06:13:21 kern.warn kernel: [   12.345678] ", Boot)]
    [InlineData("Nov 22 06:13:21 kernel: ", NoYear)]
    [InlineData("Nov 22 06:13:21 host kernel[0]: ", NoYear)]
    [InlineData("Nov 22 06:13:21 host vmunix: ", NoYear)]
    [InlineData("Nov 22 06:13:21 host genunix: [ID 936769 kern.info] ", NoYear)]
    [InlineData("Sun Nov 22 06:13:21 2026 kern.warn kernel: [   12.345678] ", Boot)]
    [InlineData("nov. 22 06:13:21 host kernel: ", NoYear)]
    [InlineData("22 06:13:21 ", TraceEvent.NoTime)]
    [InlineData("listopad 22 06:13:21 host kernel: ", NoYear)]
    [InlineData("\u043d\u043e\u044f 22 06:13:21 host kernel: ", NoYear)]
    [InlineData("[\u0412\u0441 \u043d\u043e\u044f 22 06:13:21 2026] ", Wall)]
    [InlineData("<4>1 2026-11-22T06:13:21Z host kernel - - - ", Wall)]
    [InlineData("<4>1 2026-11-22T06:13:21.000+00:00 host kernel - - [timeQuality tzKnown=\"1\" note=\"a \\\"]\\\" b\"][x@1 y=\"z\"] ", Wall)]
    [InlineData("142 <4>1 2026-11-22T06:13:21Z host kernel - - - \ufeff", Wall)]
    [InlineData("<4>1 2026-11-22T06:13:21Z host kernel - - - [   12.345678] ", Boot)]
    [InlineData("2026-11-22T06:13:21.234567+00:00 host kernel: [   12.345678] ", Boot)]
    [InlineData("2026-11-22T06:13:21Z host kernel: ", Wall)]
    [InlineData("2026-11-22 06:13:21 host kernel: ", Wall)]
    [InlineData("2026-11-22T08:13:21+0200 host kernel: ", Wall)]
    [InlineData("Sun 2026-11-22 06:13:21 UTC host kernel: ", Wall)]
    [InlineData("1795328001.000000 host kernel: ", Wall)]
    [InlineData("[   12.345678] host kernel: ", Boot)]
    [InlineData("[   12.345678 <    1.000000 >] host kernel: ", Boot)]
    [InlineData("<4>[   12.345678] (2)[123:kworker/2:1]", Boot)]
    [InlineData("<6>[   12.345678]-(0)[0:swapper/0]", Boot)]
    [InlineData("[   12.345678] I[2:  kworker/2:1:  123] ", Boot)]
    [InlineData("[   12.345678] [pid: 123, cpu 2] ", Boot)]
    [InlineData("[   12.345678@2] ", Boot)]
    [InlineData("[   12.345678] c2 ", Boot)]
    [InlineData("11-22 06:13:21.000     0     0 W ", NoYear)]
    [InlineData("11-22 06:13:21.000     0     0 W         : ", NoYear)]
    [InlineData("[2026-11-22T06:13:21.123Z] [   12.345678] ", Boot)]
    [InlineData("[2026-11-22 06:13:21] [   12.345678] ", Boot)]
    [InlineData("06:13:21.123 [   12.345678] ", Boot)]
    [InlineData("06:13:21.123 ", TraceEvent.NoTime)]
    [InlineData("host login: [   12.345678] ", Boot)]
    [InlineData("node7-console | [   12.345678] ", Boot)]
    [InlineData("(d1) [   12.345678] ", Boot)]
    [InlineData("> > [   12.345678] ", Boot)]
    [InlineData(">>> [   12.345678] ", Boot)]
    [InlineData("| > [   12.345678] ", Boot)]
    [InlineData("    [   12.345678] ", Boot)]
    [InlineData("\t[   12.345678] ", Boot)]
    [InlineData("- [   12.345678] ", Boot)]
    [InlineData("* ", TraceEvent.NoTime)]
    [InlineData("\u2022 ", TraceEvent.NoTime)]
    [InlineData("+[   12.345678] ", Boot)]
    [InlineData("  17: [   12.345678] ", Boot)]
    [InlineData("  17 [   12.345678] ", Boot)]
    [InlineData("17| [   12.345678] ", Boot)]
    [InlineData("17\t<4>[   12.345678] ", Boot)]
    [InlineData("kernel: [   12.345678] ", Boot)]
    [InlineData("kernel:[   12.345678] ", Boot)]
    [InlineData("kernel: ", TraceEvent.NoTime)]
    [InlineData("&lt;4&gt;[   12.345678] ", Boot)]
    [InlineData("&gt; &gt; [&nbsp;  12.345678] ", Boot)]
    [InlineData("\u001b[32m[   12.345678] \u001b[0m\u001b[33m", Boot)]
    [InlineData("^[[32m[   12.345678] ^[[0m", Boot)]
    [InlineData("#033[32m[   12.345678] #033[0m", Boot)]
    [InlineData("[\u00a0  12.345678] ", Boot)]
    [InlineData("progress 10%\r[   12.345678] ", Boot)]
    [InlineData("Calibrating delay loop... [    1.000000] ok[   12.345678] ", Boot)]
    [InlineData("{\"log\":\"[   12.345678] ", Boot)]
    [InlineData("", TraceEvent.NoTime)]
    public void It_is_taken_off(string envelope, long time)
    {
        var sink = Reading.Text($"{envelope}{Message}\n");

        var fact = Assert.Single(sink.Of<LogMessageFact>());
        Assert.Equal((time, "0000:00:03.0", "e1000", 81L, 17L), (fact.TimeNs, fact.Device, fact.Driver, fact.Bytes, fact.UsedUnits));
    }

    [Theory]
    [InlineData("[Nov22 06:13] e1000: link up\n[  +1.500000] {0}\n")]
    [InlineData("[<    0.000000>] e1000: link up\n[<    1.500000>] {0}\n")]
    [InlineData("kern  :info  : [Nov22 06:13] e1000: link up\nkern  :warn  : [  +1.500000] {0}\n")]
    public void Differences_are_added_up(string log)
    {
        var facts = Reading.Text(string.Format(System.Globalization.CultureInfo.InvariantCulture, log, Message)).Of<LogMessageFact>();

        Assert.Equal(1_500_000_000, Assert.Single(facts).TimeNs % 60_000_000_000);
    }

    [Fact]
    public void Messages_glued_together_come_apart()
    {
        var facts = Reading.Text($"PCI-DMA: 32bit PCI IO may malfunction.<6>PCI-DMA: Disabling IOMMU.\n[    1.000000] {Message}[    2.000000] {Message}\n").Of<LogMessageFact>().ToArray();

        Assert.Equal(["gart-state", "gart-state", "swiotlb-full", "swiotlb-full"], facts.Select(f => f.Family), StringComparer.Ordinal);
        Assert.Equal([1_000_000_000, 2_000_000_000], facts[2..].Select(f => f.TimeNs));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public void Utf16_is_read(string encoding)
    {
        var code = Encoding.GetEncoding(encoding);

        var fact = Assert.Single(Reading.Bytes([.. code.GetPreamble(), .. code.GetBytes($"[   12.345678] {Message}\r\n")]).Of<LogMessageFact>());

        Assert.Equal((Boot, "0000:00:03.0"), (fact.TimeNs, fact.Device));
    }

    [Theory]
    [InlineData("[    0.100000] software IO TLB: area num 2.")]
    [InlineData("[    0.100000] Reserved memory: created CMA memory pool at 0x0000000070000000, size 64 MiB")]
    [InlineData("Nov 22 06:13:21 host kernel: cma: Reserved 64 MiB at 0x70000000")]
    [InlineData("[    0.100000] host kernel: software IO TLB: No low mem")]
    public void A_subsystem_is_no_driver(string line)
    {
        var sink = Reading.Text(line + "\n");

        var fact = Assert.Single(sink.Of<LogMessageFact>());
        Assert.Equal((string.Empty, string.Empty), (fact.Driver, fact.Device));
        Assert.Empty(sink.Of<DeviceFact>());
    }

    [Fact]
    public void Journal_records_with_cursors_have_their_clocks_and_boots()
    {
        var sink = Reading.Fixtures("journal-verbose.blob.txt");

        var fact = Assert.Single(sink.Of<LogMessageFact>(), f => f.IsFailure);
        Assert.Equal((2_234_317_000L, 22L, "0000:00:04.0", 480L, 1), (fact.TimeNs, fact.Source.Line, fact.Device, fact.UsedUnits, fact.Boot));
        Assert.Equal("0123456789abcdef0123456789abcdef", Assert.Single(sink.Of<BootFact>()).Id);
        Assert.Equal(3, sink.Sources[0].Records);
    }

    [Fact]
    public void Prose_names_no_device_and_no_driver()
    {
        var facts = Reading.Text("Subject: host kernel: tons of swiotlb buffer is full messages\nWe see a DMA mapping error in the log, it failed to map DMA.\nFix dma_map_sg failed handling\n").Of<LogMessageFact>().ToArray();

        var fact = Assert.Single(facts);
        Assert.Equal(("swiotlb-full", string.Empty, string.Empty), (fact.Family, fact.Device, fact.Driver));
    }
}
