using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Archives in archives, in any packing; what is not opened is told, and nothing grows without bound.</summary>
public class ArchiveTests
{
    private const string Line = "[    1.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes)\n";

    private static byte[] Log => Encoding.ASCII.GetBytes("[    0.500000] Linux version 6.1.0\n" + Line);

    [Fact]
    public void Zip_files_are_opened()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "case/dmesg.txt", Log);
            Add(zip, "../../../etc/passwd", Encoding.ASCII.GetBytes("root:x:0:0\n"));
            Add(zip, "case/trace.txt.gz", Gzip(File.ReadAllBytes(Reading.Fixture("ftrace-text.dynamic_pools.txt"))));
        }

        var sink = Reading.Bytes(memory.ToArray(), "case.zip");

        Assert.Equal(["dmesg.txt", "trace.txt.gz"], sink.Sources.Select(s => Path.GetFileName(s.Path)), StringComparer.Ordinal);
        Assert.Single(sink.Of<LogMessageFact>());
        Assert.NotEmpty(sink.Events);
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.PassedOver.Code && d.Message.Contains("1 of 3", StringComparison.Ordinal));
    }

    [Fact]
    public void Archives_in_archives_are_opened_three_deep()
    {
        var third = Tar(("deep/dmesg.txt", Log), ("deep/fourth.tar", Tar(("dmesg.txt", Log))));
        var second = Gzip(Tar(("inner/third.tar.gz", Gzip(third)), ("inner/dmesg.txt", Log)));
        var sink = Reading.Bytes(Tar(("outer/second.tgz", second)), "case.tar");

        Assert.Equal(
            ["case.tar!outer/second.tgz!inner/dmesg.txt", "case.tar!outer/second.tgz!inner/third.tar.gz!deep/dmesg.txt"],
            sink.Sources.Select(s => s.Path[s.Path.IndexOf("case.tar", StringComparison.Ordinal)..]), StringComparer.Ordinal);
        var deep = Assert.Single(sink.Diagnostics, d => d.Code == Notice.NestedTooDeep.Code);
        Assert.EndsWith("!deep/fourth.tar", deep.Source.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Zip_in_tar_and_tar_in_zip()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, "inner.tar", Tar(("dmesg.txt", Log)));
        }

        Assert.Single(Reading.Bytes(Tar(("case.zip", memory.ToArray())), "case.tar").Of<LogMessageFact>());
    }

    [Fact]
    public void A_cut_frame_within_a_nested_archive_is_told_at_its_place()
    {
        var inner = Gzip(Tar(("dmesg.txt", Log), ("noise.txt", Noise(200_000))));
        var sink = Reading.Bytes(Tar(("a/cut.tar.gz", inner[..(inner.Length / 2)]), ("b/dmesg.txt", Log)), "case.tar");

        Assert.Equal(2, sink.Of<LogMessageFact>().Count());
        var cut = Assert.Single(sink.Diagnostics, d => d.Severity == Severity.DataLoss);
        Assert.EndsWith("!a/cut.tar.gz", cut.Source.Path, StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_member_without_known_content_is_told()
    {
        var packed = Gzip(Noise(100_000));
        packed.AsSpan(packed.Length / 2, 40).Clear();
        var sink = Reading.Bytes(Tar(("messages.gz", packed), ("dmesg.txt", Log)), "case.tar");

        Assert.Single(sink.Of<LogMessageFact>());
        Assert.Single(sink.Diagnostics, d => d.Code == Notice.MemberUnreadable.Code);
    }

    [Fact]
    public void A_cut_archive_keeps_its_first_members()
    {
        var whole = Tar(("a.txt", Log), ("b.txt", Noise(100_000)));
        var sink = Reading.Bytes(whole[..(whole.Length - 60_000)], "case.tar");

        Assert.Single(sink.Of<LogMessageFact>());
        Assert.Single(sink.Diagnostics, d => d.Severity == Severity.DataLoss);
    }

    [Fact]
    public void Large_members_are_kept_out_of_memory()
    {
        var big = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Line, 150_000)));
        var sink = Reading.Bytes(Gzip(Tar(("1.txt", big), ("2.txt", big), ("3.txt", big))), "case.tgz");

        Assert.Equal(450_000, sink.Of<LogMessageFact>().Count());
        Reading.NoTemporaryFileStays();
    }

    [Fact]
    public void A_bomb_of_zeros_is_stopped()
    {
        // Two layers of deflate: far beyond a thousand bytes for one.
        var part = Gzip(new byte[64 << 20], CompressionLevel.Optimal);
        var bomb = Gzip([.. Enumerable.Repeat(part, 18).SelectMany(p => p)], CompressionLevel.Optimal);
        var sink = Reading.Bytes(bomb, "x.gz", new ReaderOptions { InputFormat = "plain-log" });

        Assert.Contains(sink.Diagnostics, d => d.Message.Contains("bomb", StringComparison.Ordinal));
        Assert.InRange(sink.Sources[0].Bytes, 1 << 30, (1 << 30) + (8 << 20));
    }

    [Fact]
    public void Encrypted_members_are_told_and_those_before_them_read()
    {
        using var memory = new MemoryStream();
        using (var zip = new ICSharpCode.SharpZipLib.Zip.ZipOutputStream(memory) { IsStreamOwner = false })
        {
            zip.PutNextEntry(new ICSharpCode.SharpZipLib.Zip.ZipEntry("dmesg.txt"));
            zip.Write(Log);
            zip.CloseEntry();
            zip.Password = "secret";
            zip.PutNextEntry(new ICSharpCode.SharpZipLib.Zip.ZipEntry("secret.txt"));
            zip.Write(Log);
            zip.CloseEntry();
        }

        var sink = Reading.Bytes(memory.ToArray(), "case.zip");

        Assert.Contains(sink.Diagnostics, d => d.Severity == Severity.DataLoss && d.Message.Contains("encrypted", StringComparison.Ordinal));
        Assert.Single(sink.Of<LogMessageFact>());
    }

    internal static byte[] Tar(params (string Name, byte[] Content)[] members)
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content) in members)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return memory.ToArray();
    }

    internal static byte[] Gzip(byte[] content, CompressionLevel level = CompressionLevel.Fastest)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, level, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return memory.ToArray();
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(3).NextBytes(noise);
        return noise;
    }

    private static void Add(ZipArchive zip, string name, byte[] content)
    {
        using var entry = zip.CreateEntry(name).Open();
        entry.Write(content);
    }
}
