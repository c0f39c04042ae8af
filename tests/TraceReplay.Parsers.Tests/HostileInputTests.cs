using System.IO.Compression;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests;

/// <summary>Inputs that are broken, cut or made to hurt: something is told, nothing is thrown.</summary>
[Collection(nameof(HostileInputTests))]
public class HostileInputTests
{
    private const string Line = "              lg-388     [002] d..1.    21.303276: swiotlb_bounced: dev_name: 0000:00:02.0 dma_mask=ffffffffffffffff dev_addr=3e99488 size=51 FORCE\n";

    [Fact]
    public void Empty_file() => Assert.Contains(Reading.Bytes([]).Diagnostics, d => d.Code == Notice.Empty.Code);

    [Fact]
    public void Binary_junk()
    {
        var junk = new byte[100_000];
        new Random(1).NextBytes(junk);

        Assert.Contains(Reading.Bytes(junk).Diagnostics, d => d.Code == Notice.UnknownFormat.Code);
    }

    [Fact]
    public void Missing_file() => Assert.Contains(Reading.Paths(new ReaderOptions(), "/nowhere/at/all").Diagnostics, d => d.Code == Notice.CannotOpen.Code);

    [Fact]
    public void Unknown_format_name() =>
        Assert.Contains(Reading.Text(Line, options: new ReaderOptions { InputFormat = "nonsense" }).Diagnostics, d => d.Code == Notice.UnknownFormatName.Code);

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.9)]
    public void Truncated_gzip_keeps_what_was_readable(double part)
    {
        Assert.NotEmpty(Formats.All);
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var i = 0; i < 50_000; i++)
            {
                gzip.Write(Encoding.ASCII.GetBytes(Line.Replace("3e99488", (i * 7919).ToString("x"), StringComparison.Ordinal)));
            }
        }

        var sink = Reading.Bytes(memory.ToArray()[..(int)(memory.Length * part)], "trace.txt.gz");

        Assert.InRange(sink.Events.Count, 100, 49_999);
        Assert.Single(sink.Diagnostics, d => d.Severity == Severity.DataLoss);
        Assert.Single(sink.Sources);
    }

    [Fact]
    public void Truncated_zstd_keeps_what_was_readable()
    {
        var whole = Fixture("ftrace-text.many_lines.txt.zst");
        var sink = Reading.Bytes(whole[..(whole.Length * 3 / 4)], "trace.zst");

        Assert.True(sink.Events.Count > 1000);
        Assert.Single(sink.Diagnostics, d => d.Severity == Severity.DataLoss);
    }

    [Fact]
    public void Damaged_zstd_ends_with_one_diagnostic()
    {
        var whole = Fixture("ftrace-text.many_lines.txt.zst");
        whole.AsSpan(whole.Length / 2, 64).Fill(0xff);

        Assert.Single(Reading.Bytes(whole, "trace.zst").Diagnostics, d => d.Severity == Severity.DataLoss);
    }

    [Fact]
    public void Concatenated_gzip_members_are_all_read()
    {
        using var memory = new MemoryStream();
        for (var i = 0; i < 2; i++)
        {
            using var gzip = new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true);
            gzip.Write(Encoding.ASCII.GetBytes(Line));
        }

        Assert.Equal(2, Reading.Bytes(memory.ToArray(), "trace.gz").Events.Count);
    }

    [Fact]
    public void Trace_cut_in_the_middle_of_a_line()
    {
        var sink = Reading.Text(Line + Line + Line[..60]);

        Assert.Equal(2, sink.Events.Count(e => e.Bytes == 51));
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.LastLineCut.Code);
    }

    [Fact]
    public void Carriage_returns_are_taken_off()
    {
        var sink = Reading.Text((Line + Line).Replace("\n", "\r\n", StringComparison.Ordinal));

        Assert.Equal(2, sink.Events.Count(e => e.Fields.HasFlag(EventFields.Forced)));
    }

    [Fact]
    public void Zeroed_blocks_are_passed_over_and_counted()
    {
        var sink = Reading.Text(Line + Line + new string('\0', 5000) + Line);

        Assert.Equal(3, sink.Events.Count);
        Assert.Contains(sink.Diagnostics, d => d.Code == Notice.NulBytes.Code && d.Message.StartsWith("5000", StringComparison.Ordinal));
    }

    [Fact]
    public void Invalid_utf8_stays_in_the_names()
    {
        var bytes = Encoding.ASCII.GetBytes(Line + Line);
        bytes[14] = 0xff;
        var sink = Reading.Bytes(bytes);

        Assert.Equal(2, sink.Events.Count);
        Assert.Equal([0xff, (byte)'g'], sink.Names.Bytes(sink.Events[0].CommId).ToArray());
    }

    [Fact]
    public void A_line_of_100_MB_is_dropped_with_flat_memory()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var file = File.OpenWrite(path))
            {
                file.Write(Encoding.ASCII.GetBytes(Line));
                var block = new byte[1 << 20];
                block.AsSpan().Fill((byte)'x');
                for (var i = 0; i < 100; i++)
                {
                    file.Write(block);
                }

                file.Write(Encoding.ASCII.GetBytes("\n" + Line));
            }

            var before = GC.GetTotalAllocatedBytes();
            var sink = Reading.Paths(new ReaderOptions { InputFormat = "ftrace-text" }, path);

            Assert.True(GC.GetTotalAllocatedBytes() - before < 40 << 20);
            Assert.Equal(2, sink.Events.Count);
            Assert.Equal((3L, 1L, 3L), (sink.Sources[0].Records, sink.Sources[0].Skipped, sink.Events[1].Line));
            Assert.Contains(sink.Diagnostics, d => d.Code == Notice.LongLines.Code);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("\u001b[31mred")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a\"b' OR 1=1;--")]
    [InlineData("dev orig=0x5")]
    public void Device_names_are_kept_as_they_are(string device)
    {
        var sink = Reading.Text(
            $"              lg-1       [000] ....1     1.000000: map_in: (swiotlb_tbl_map_single+0x5/0x6c0) dev=\"{device}\" orig=0x3e4 msize=51\n"
            + $"              lg-1       [000] ....1     1.000000: dma_map_page: {device} dir=TO_DEVICE dma_addr=1 size=51 phys_addr=3e4 attrs=\n",
            options: new ReaderOptions { InputFormat = "ftrace-text" });

        Assert.Equal(device, sink.Text(sink.Events[1].DeviceId));
        Assert.Equal(51, sink.Events[0].Bytes == 0 ? 51 : sink.Events[0].Bytes);
    }

    [Fact]
    public void No_bytes_throw_in_any_format()
    {
        var names = Formats.All.Where(f => f.Role != SourceRole.Ignored).Select(f => f.Name).ToArray();
        var seeds = Directory.GetFiles(Reading.Fixture(string.Empty)).Select(File.ReadAllBytes).Where(b => b.Length < 1 << 17).ToArray();
        var mutated =
            from seed in Gen.Elements(seeds)
            from at in Gen.Choose(0, Math.Max(seed.Length - 1, 0))
            from noise in Gen.Elements<byte>(0, 10, 13, 32, 34, 40, 45, 58, 61, 91, 93, 123, 125, 0x1b, 0x80, 0xff, (byte)'9', (byte)'f').ArrayOf()
            from cut in Gen.Choose(0, 40)
            select (byte[])[.. seed.AsSpan(0, at), .. noise, .. seed.AsSpan(Math.Min(seed.Length, at + cut))];
        var arbitrary = Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf();
        var input = from bytes in Gen.OneOf(mutated, arbitrary) from name in Gen.Elements(names) select (bytes, name);

        Prop.ForAll(input.ToArbitrary(), x =>
        {
            var forced = Reading.Bytes(x.bytes, options: new ReaderOptions { InputFormat = x.name });
            var found = Reading.Bytes(x.bytes);
            return forced.Sources.TrueForAll(IsAccounted) && found.Sources.TrueForAll(IsAccounted);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(400));
    }

    [Theory]
    [InlineData("trace-dat.version_6_without_symbols.dat.zst")]
    [InlineData("perf-data.call_chains.data")]
    [InlineData("journal-export.binary_message.txt")]
    [InlineData("json-log.dmesg_J.json")]
    [InlineData("dma-csv.every_operation.csv")]
    [InlineData("dmesg.compressed.txt.xz")]
    [InlineData("dmesg.compressed.txt.bz2")]
    [InlineData("dmesg.compressed.txt.gz")]
    public void Flipped_and_missing_bytes_are_survived(string fixture)
    {
        var whole = Fixture(fixture);
        if (fixture.EndsWith(".zst", StringComparison.Ordinal))
        {
            using var stream = new Containers.ZstdStream(new MemoryStream(whole));
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            whole = memory.ToArray();
        }

        var random = new Random(20061);
        for (var round = 0; round < 150; round++)
        {
            var bytes = whole.AsSpan(0, random.Next(3) == 0 ? random.Next(whole.Length) : whole.Length).ToArray();
            for (var flips = random.Next(1, 12); flips > 0 && bytes.Length > 0; flips--)
            {
                // Heads and sizes are where a reader can be hurt.
                var at = random.Next(2) == 0 ? random.Next(Math.Min(bytes.Length, 2000)) : random.Next(bytes.Length);
                bytes[at] = random.Next(3) == 0 ? (byte)0xff : (byte)random.Next(256);
            }

            Assert.All(Reading.Bytes(bytes, "x.bin").Sources, s => Assert.True(IsAccounted(s)));
        }
    }

    private static bool IsAccounted(SourceSummary s) => s.Records >= s.Skipped && s.Skipped >= 0 && s.Sha256.Length == 64;

    private static byte[] Fixture(string name) => File.ReadAllBytes(Reading.Fixture(name));
}

/// <summary>Measures memory, and so it runs alone.</summary>
[CollectionDefinition(nameof(HostileInputTests), DisableParallelization = true)]
public class HostileInputCollection
{
}
