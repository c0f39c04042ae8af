using System.Buffers.Binary;
using System.Formats.Tar;
using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using ICSharpCode.SharpZipLib.BZip2;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>A kernel log in every kind of container, with the fields of the container.</summary>
internal static class ContainerCases
{
    private const int LogBytes = 700;

    /// <summary>The cases, by the names that the product has for the containers.</summary>
    public static IReadOnlyDictionary<string, Func<MutationCase>> All { get; } = new Dictionary<string, Func<MutationCase>>(StringComparer.Ordinal)
    {
        ["gz"] = () => Packed("gz", Gzip),
        ["bz2"] = BZip2,
        ["xz"] = () => Packed("xz", Xz) with { Repair = XzChecks },
        ["lz4"] = () => Packed("lz4", Lz4) with { Repair = Lz4Check },
        ["legacy.lz4"] = () => Packed("legacy.lz4", legacy => [new BinaryField(0, 4), new BinaryField(4, 4), .. FirstBytes(legacy, 8, 40)]),
        ["zst"] = () =>
        {
            var packed = Zstd.Compress(File.ReadAllBytes(Reading.Fixture("dmesg.printk_caller.txt")));
            return new MutationCase("dmesg", [packed], ZstdFields(packed));
        },
        ["utf-16le"] = () => new MutationCase("dmesg", [Wide(Encoding.Unicode)], []),
        ["utf-16be"] = () => new MutationCase("dmesg", [Wide(Encoding.BigEndianUnicode)], []),
        ["tar"] = () => new MutationCase(null, [Tar()], TarFields(Tar()), TarChecksums),
        ["zip"] = () => new MutationCase(null, [Zip()], ZipFields(Zip())),
    };

    private static byte[] Log
    {
        get
        {
            var log = File.ReadAllBytes(Reading.Fixture("dmesg.printk_caller.txt"));
            return log[..(Array.LastIndexOf(log, (byte)'\n', LogBytes) + 1)];
        }
    }

    private static byte[] Wide(Encoding encoding) => [.. encoding.GetPreamble(), .. encoding.GetBytes(Encoding.UTF8.GetString(Log))];

    private static MutationCase Packed(string packing, Func<byte[], List<BinaryField>> fields)
    {
        var packed = File.ReadAllBytes(Reading.Fixture($"dmesg.compressed.txt.{packing}"));
        return new MutationCase("dmesg", [packed], fields(packed));
    }

    /// <summary>The level is the size of the blocks, for which memory is taken: mostly the smallest one.</summary>
    private static MutationCase BZip2()
    {
        using var memory = new MemoryStream();
        using (var bzip2 = new BZip2OutputStream(memory, 1))
        {
            bzip2.Write(Log);
        }

        var small = memory.ToArray();
        return new MutationCase("dmesg", [.. Enumerable.Repeat(small, 63), File.ReadAllBytes(Reading.Fixture("dmesg.compressed.txt.bz2"))], FirstBytes(small, 0, 40));
    }

    private static List<BinaryField> FirstBytes(byte[] bytes, int from, int most) =>
        [.. Enumerable.Range(from, Math.Max(Math.Min(bytes.Length, most) - from, 0)).Select(at => new BinaryField(at, 1))];

    /// <summary>RFC 1952: ten bytes, the name if there is one, the deflated data's first codes; behind them check and size.</summary>
    private static List<BinaryField> Gzip(byte[] packed) =>
        [.. FirstBytes(packed, 0, 60), new BinaryField(4, 4), new BinaryField(packed.Length - 8, 4), new BinaryField(packed.Length - 4, 4)];

    /// <summary>The .xz file format, version 1.1: stream header, block header, index, footer.</summary>
    private static List<BinaryField> Xz(byte[] packed)
    {
        var index = packed.Length - 12 - ((int)(BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packed.Length - 8)) + 1) * 4);
        return
        [
            new BinaryField(6, 1), new BinaryField(7, 1), .. FirstBytes(packed, 12, 60), .. FirstBytes(packed, index, packed.Length - 12),
            new BinaryField(packed.Length - 8, 4), new BinaryField(packed.Length - 4, 1), new BinaryField(packed.Length - 3, 1),
        ];
    }

    private static void XzChecks(Span<byte> xz)
    {
        if (xz.Length < 32)
        {
            return;
        }

        Crc32.Hash(xz[6..8], xz[8..12]);
        var block = (xz[12] + 1) * 4;
        if (12 + block <= xz.Length)
        {
            Crc32.Hash(xz.Slice(12, block - 4), xz.Slice(12 + block - 4, 4));
        }

        var index = (BinaryPrimitives.ReadUInt32LittleEndian(xz[^8..]) + 1L) * 4;
        if (index >= 8 && index <= xz.Length - 12)
        {
            Crc32.Hash(xz[^(int)(12 + index)..^16], xz[^16..^12]);
        }

        Crc32.Hash(xz[^8..^2], xz[^12..^8]);
    }

    /// <summary>lz4_Frame_format.md: descriptor, then blocks with their sizes.</summary>
    private static List<BinaryField> Lz4(byte[] packed)
    {
        List<BinaryField> fields = [new(4, 1), new(5, 1), new(6, 8)];
        for (var at = 4 + Lz4Descriptor(packed) + 1; at + 4 <= packed.Length;)
        {
            fields.Add(new BinaryField(at, 4));
            at += 4 + (int)(BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(at)) & 0x7fffffff) + ((packed[4] & 0x10) != 0 ? 4 : 0);
        }

        return [.. fields, .. FirstBytes(packed, 10, 40)];
    }

    /// <summary>Bytes of the descriptor without its check: two, a content size, a dictionary's id.</summary>
    private static int Lz4Descriptor(ReadOnlySpan<byte> lz4) => 2 + ((lz4[4] & 8) != 0 ? 8 : 0) + ((lz4[4] & 1) != 0 ? 4 : 0);

    private static void Lz4Check(Span<byte> lz4)
    {
        if (lz4.Length > 4 && 4 + Lz4Descriptor(lz4) is var check && check < lz4.Length)
        {
            lz4[check] = (byte)(XxHash32.HashToUInt32(lz4[4..check]) >> 8);
        }
    }

    /// <summary>RFC 8878: descriptor, window, sizes; blocks with three bytes each in front.</summary>
    private static List<BinaryField> ZstdFields(byte[] packed)
    {
        var descriptor = packed[4];
        var isSingle = (descriptor & 0x20) != 0;
        var sizes = new[] { isSingle ? 1 : 0, 2, 4, 8 };
        var at = 5 + (isSingle ? 0 : 1) + new[] { 0, 1, 2, 4 }[descriptor & 3] + sizes[descriptor >> 6];
        var fields = FirstBytes(packed, 4, 60);
        for (var isLast = false; !isLast && at + 3 <= packed.Length;)
        {
            fields.Add(new BinaryField(at, 3));
            var head = packed[at] | (packed[at + 1] << 8) | (packed[at + 2] << 16);
            (isLast, at) = ((head & 1) != 0, at + 3 + (((head >> 1) & 3) == 1 ? 1 : head >> 3));
        }

        return fields;
    }

    private static byte[] Tar()
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in Members())
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content), ModificationTime = DateTimeOffset.UnixEpoch });
            }
        }

        return memory.ToArray();
    }

    private static byte[] Zip()
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in Members())
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
                using var stream = entry.Open();
                stream.Write(content);
            }
        }

        return memory.ToArray();
    }

    private static (string Name, byte[] Content)[] Members() =>
        [("a/dmesg.txt", Log), ("b.gz", ArchiveTests.Gzip(Log)), ("c.tar", ArchiveTests.Tar(("d.txt", Log))), ("e", [1, 2, 3])];

    private static List<BinaryField> TarFields(byte[] tar)
    {
        List<BinaryField> fields = [];
        for (var block = Head(tar, 0); block >= 0; block = Head(tar, block + 512))
        {
            // Size, type, link, magic, version, prefix (POSIX ustar).
            fields.AddRange(Enumerable.Range(block + 124, 12).Append(block + 156).Append(block + 157).Append(block + 257).Append(block + 263).Append(block + 345).Append(block)
                .Select(at => new BinaryField(at, 1)));
        }

        return fields;
    }

    private static void TarChecksums(Span<byte> tar)
    {
        for (var block = Head(tar, 0); block >= 0; block = Head(tar, block + 512))
        {
            var check = tar.Slice(block + 148, 8);
            check.Fill((byte)' ');
            var sum = 0;
            foreach (var value in tar.Slice(block, 512))
            {
                sum += value;
            }

            for (var digit = 5; digit >= 0; digit--, sum >>= 3)
            {
                check[digit] = (byte)('0' + (sum & 7));
            }

            check[6] = 0;
        }
    }

    /// <summary>The next head from a block on, negative if there is none.</summary>
    private static int Head(ReadOnlySpan<byte> tar, int block)
    {
        for (; block + 512 <= tar.Length; block += 512)
        {
            if (tar.Slice(block + 257, 4).SequenceEqual("usta"u8))
            {
                return block;
            }
        }

        return -1;
    }

    private static List<BinaryField> ZipFields(byte[] zip)
    {
        List<BinaryField> fields = [];
        for (var at = 0; at + 30 <= zip.Length; at++)
        {
            if (zip.AsSpan(at, 2).SequenceEqual("PK"u8) && zip[at + 2] < 9)
            {
                fields.AddRange(Enumerable.Range(2, 14).Select(i => new BinaryField(at + (i * 2), 2)));
                fields.AddRange([new BinaryField(at + 14, 4), new BinaryField(at + 18, 4), new BinaryField(at + 22, 4)]);
            }
        }

        return fields;
    }
}
