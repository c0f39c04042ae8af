using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>What is changed and read: real inputs of one format, small ones.</summary>
/// <param name="Format">Its format, null = it is left to detection.</param>
/// <param name="Seeds">The inputs.</param>
/// <param name="Fields">Where numbers stand in the first input, none if it is a text.</param>
/// <param name="Repair">Makes checks good again, so that a change gets past them.</param>
internal sealed record MutationCase(string? Format, byte[][] Seeds, IReadOnlyList<BinaryField> Fields, Action<byte[]>? Repair = null)
{
    private const int TextBytes = 3000;

    /// <summary>All cases by name.</summary>
    public static IReadOnlyDictionary<string, Func<MutationCase>> All { get; } = Make();

    private static Dictionary<string, Func<MutationCase>> Make()
    {
        var cases = new Dictionary<string, Func<MutationCase>>(StringComparer.Ordinal);
        foreach (var format in Formats.All.Where(f => f.Name is not ("trace-dat" or "perf-data")))
        {
            cases[format.Name] = () => Texts(format.Name);
        }

        cases["detected"] = () => new MutationCase(null, [.. cases.Keys.Where(k => Formats.ByName(k) is not null).SelectMany(k => Texts(k).Seeds)], []);
        cases["trace-dat, version 6"] = () => Recording(SmallRecordings.Version6(TraceDat));
        cases["trace-dat, version 7"] = () => Recording(SmallRecordings.Version7(TraceDat, "none"));
        cases["trace-dat, version 7, zstd"] = () => Recording(SmallRecordings.Version7(TraceDat, "zstd"));
        cases["perf-data"] = () => new MutationCase("perf-data", [SmallPerfData.Of(PerfData, 3000, out var fields)], fields);
        cases["perf-data of a pipe"] = () =>
        {
            var pipe = PerfDataTests.OfPipe(SmallPerfData.Of(PerfData, 3000, out _));
            return new MutationCase("perf-data", [pipe], SmallPerfData.FieldsOf(pipe));
        };
        cases["perf-data, compressed"] = () =>
        {
            var packed = PerfDataTests.Compressed(SmallPerfData.Of(PerfData, 3000, out _), 81, 300);
            return new MutationCase("perf-data", [packed], SmallPerfData.FieldsOf(packed));
        };
        cases["tar"] = () => new MutationCase(null, [Tar()], TarFields(Tar()), TarChecksums);
        cases["zip"] = () => new MutationCase(null, [Zip()], ZipFields(Zip()));
        foreach (var packing in new[] { "gz", "xz", "bz2", "lz4", "legacy.lz4" })
        {
            cases[packing] = () => Bytes(File.ReadAllBytes(Reading.Fixture($"dmesg.compressed.txt.{packing}")));
        }

        cases["zst"] = () => Bytes(Zstd.Compress(File.ReadAllBytes(Reading.Fixture("dmesg.printk_caller.txt"))));
        return cases;
    }

    private static byte[] TraceDat => Unpacked("trace-dat.version_6_without_symbols.dat.zst");

    private static byte[] PerfData => File.ReadAllBytes(Reading.Fixture("perf-data.call_chains.data"));

    /// <summary>Beginnings and middles of all fixtures of a format, from line to line.</summary>
    private static MutationCase Texts(string format)
    {
        var seeds = Directory.GetFiles(Reading.Fixture(string.Empty), format + ".*").Order(StringComparer.Ordinal)
            .Where(path => !path.Contains(".compressed.", StringComparison.Ordinal))
            .Select(path => path.EndsWith(".zst", StringComparison.Ordinal) ? Unpacked(Path.GetFileName(path)) : File.ReadAllBytes(path))
            .SelectMany(bytes => bytes.Length <= TextBytes ? [bytes] : new[] { Lines(bytes, 0), Lines(bytes, bytes.Length / 2) })
            .ToArray();
        var lengths = format != "journal-export" ? [] : Lengths(seeds[0]);
        return new MutationCase(format, seeds, lengths);
    }

    private static byte[] Lines(byte[] bytes, int from)
    {
        var start = from == 0 ? 0 : Array.IndexOf(bytes, (byte)'\n', from) + 1;
        var end = Math.Min(start + TextBytes, bytes.Length);
        var last = Array.LastIndexOf(bytes, (byte)'\n', end - 1);
        return bytes[start..(last > start ? last + 1 : end)];
    }

    /// <summary>The binary fields of a journal: a name, a line end, a length.</summary>
    private static List<BinaryField> Lengths(byte[] journal)
    {
        List<BinaryField> fields = [];
        for (var at = 0; (at = journal.AsSpan(at).IndexOf("MESSAGE\n"u8) is >= 0 and var found ? at + found + 8 : -1) > 0;)
        {
            fields.Add(new BinaryField(at, 8));
        }

        return fields;
    }

    private static MutationCase Recording(SmallRecordings recording) => new("trace-dat", [recording.Bytes], recording.Fields);

    private static MutationCase Bytes(byte[] packed) => new("dmesg", [packed], [.. Enumerable.Range(0, Math.Min(packed.Length, 40)).Select(i => new BinaryField(i, 1))]);

    private static byte[] Tar()
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (name, content) in Members())
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
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
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }

        return memory.ToArray();
    }

    private static (string Name, byte[] Content)[] Members()
    {
        var log = File.ReadAllBytes(Reading.Fixture("dmesg.printk_caller.txt"));
        return [("a/dmesg.txt", log), ("b.gz", ArchiveTests.Gzip(log)), ("c.tar", ArchiveTests.Tar(("d.txt", log))), ("e", [1, 2, 3])];
    }

    private static List<BinaryField> TarFields(byte[] tar)
    {
        List<BinaryField> fields = [];
        foreach (var block in Heads(tar))
        {
            // Size, type, link, magic, version, prefix (POSIX ustar).
            fields.AddRange(Enumerable.Range(block + 124, 12).Append(block + 156).Append(block + 157).Append(block + 257).Append(block + 263).Append(block + 345).Append(block)
                .Select(at => new BinaryField(at, 1)));
        }

        return fields;
    }

    private static void TarChecksums(byte[] tar)
    {
        foreach (var block in Heads(tar))
        {
            tar.AsSpan(block + 148, 8).Fill((byte)' ');
            var sum = tar.AsSpan(block, 512).ToArray().Sum(b => b);
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(tar, block + 148);
        }
    }

    private static IEnumerable<int> Heads(byte[] tar)
    {
        for (var block = 0; block + 512 <= tar.Length; block += 512)
        {
            if (tar.AsSpan(block + 257, 4).SequenceEqual("usta"u8))
            {
                yield return block;
            }
        }
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

    private static byte[] Unpacked(string name)
    {
        using var stream = new Containers.ZstdStream(File.OpenRead(Reading.Fixture(name)));
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
