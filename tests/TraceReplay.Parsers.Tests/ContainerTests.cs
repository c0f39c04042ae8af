using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Compressed files and archives give the same as the files in them.</summary>
public class ContainerTests
{
    [Theory]
    [InlineData("gz")]
    [InlineData("xz")]
    [InlineData("bz2")]
    [InlineData("lz4")]
    [InlineData("legacy.lz4")]
    public void Compression_changes_nothing(string suffix)
    {
        var plain = Reading.Fixtures("dmesg.tce_alloc_failed.txt");
        var packed = Reading.Fixtures($"dmesg.compressed.txt.{suffix}");

        Assert.Equal(plain.Of<LogMessageFact>().Select(f => f.Text), packed.Of<LogMessageFact>().Select(f => f.Text), StringComparer.Ordinal);
        Assert.Equal(plain.Sources[0].Bytes, packed.Sources[0].Bytes);
        Assert.NotEqual(plain.Sources[0].Sha256, packed.Sources[0].Sha256, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("gz")]
    [InlineData("xz")]
    [InlineData("bz2")]
    [InlineData("lz4")]
    [InlineData("legacy.lz4")]
    public void Cut_compression_is_told_once(string suffix)
    {
        var whole = File.ReadAllBytes(Reading.Fixture($"dmesg.compressed.txt.{suffix}"));
        var sink = Reading.Bytes(whole[..(whole.Length - 20)], "dmesg." + suffix);

        Assert.Single(sink.Diagnostics, d => d.Severity == Severity.DataLoss);
    }

    [Fact]
    public void An_archive_is_one_incident_whatever_the_order_of_its_members()
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        using (var tar = new TarWriter(gzip, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Add(tar, "case/trace.txt", File.ReadAllBytes(Reading.Fixture("ftrace-text.dynamic_pools.txt")));
            Add(tar, "../../etc/passwd", Encoding.ASCII.GetBytes("root:x:0:0\n"));
            tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "case/link") { LinkName = "/etc/shadow" });
            Add(tar, "case/dynamic_events.txt", File.ReadAllBytes(Reading.Fixture("probe-definitions.fprobes_with_arguments.txt")));
            Add(tar, "case/big.txt", Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("[    1.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)\n", 150_000))));
        }

        var sink = Reading.Bytes(memory.ToArray(), "case.tar.gz");

        Assert.Equal(["dynamic_events.txt", "big.txt", "trace.txt"], sink.Sources.Select(s => Path.GetFileName(s.Path)), StringComparer.Ordinal);
        Assert.All(sink.Sources, s => Assert.Contains("case.tar.gz!case/", s.Path, StringComparison.Ordinal));
        Assert.Equal(150_000, sink.Of<LogMessageFact>().Count());
        Assert.Equal(0xffff8880032f3cd0UL - 80, sink.First(EventKind.PoolShrink).PoolRef);
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.PassedOver.Code && d.Message.Contains("1 of 4 members: 1 configuration files (../../etc/passwd)", StringComparison.Ordinal));
    }

    [Fact]
    public void Utf16_of_a_shell_redirect_is_read()
    {
        var text = File.ReadAllText(Reading.Fixture("dmesg.tce_alloc_failed.txt"));
        byte[] bytes = [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)];

        Assert.NotEmpty(Reading.Bytes(bytes).Of<LogMessageFact>());
    }

    private static void Add(TarWriter tar, string name, byte[] content) =>
        tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
}
