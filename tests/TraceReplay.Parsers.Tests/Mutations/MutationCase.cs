namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>Makes checks good again, so that a change gets past them.</summary>
/// <param name="bytes">The changed input.</param>
internal delegate void Repair(Span<byte> bytes);

/// <summary>What is changed and read: real inputs of one format or kind of container, small ones.</summary>
/// <param name="Format">Its format, null = it is left to detection.</param>
/// <param name="Seeds">The inputs; one may stand there more than once.</param>
/// <param name="Fields">Where numbers stand in the first input, none if it is a text.</param>
/// <param name="Repair">Makes checks good again, null if there are none.</param>
internal sealed record MutationCase(string? Format, IReadOnlyList<byte[]> Seeds, IReadOnlyList<BinaryField> Fields, Repair? Repair = null)
{
    private const int TextBytes = 1500;

    // Texts of which a record is more or less than a line, or that are not read.
    private static readonly string[] NotOfLines =
        ["bpftrace", "dma-csv", "usage-samples", "journal-export", "journal-verbose", "json-log", "refused", "useless"];

    /// <summary>Every line is a record.</summary>
    public bool IsOfLines { get; init; }

    /// <summary>All cases by name: that of the format, with what kind of it behind a comma, or that of the container.</summary>
    public static IReadOnlyDictionary<string, Func<MutationCase>> All { get; } = Make();

    private static byte[] TraceDat => Unpacked("trace-dat.version_6_without_symbols.dat.zst");

    private static byte[] PerfData => File.ReadAllBytes(Reading.Fixture("perf-data.call_chains.data"));

    private static Dictionary<string, Func<MutationCase>> Make()
    {
        var cases = new Dictionary<string, Func<MutationCase>>(ContainerCases.All, StringComparer.Ordinal);
        var texts = Formats.All.Select(format => format.Name).Where(name => name is not ("trace-dat" or "perf-data")).ToArray();
        foreach (var format in texts)
        {
            cases[format] = () => Texts(format);
        }

        cases["detected"] = () => new MutationCase(null, [.. texts.SelectMany(format => Texts(format).Seeds)], []);
        cases["trace-dat, version 6"] = () => Recording(SmallRecordings.Version6(TraceDat));
        cases["trace-dat, version 7"] = () => Recording(SmallRecordings.Version7(TraceDat, "none"));
        cases["trace-dat, version 7 zstd"] = () => Recording(SmallRecordings.Version7(TraceDat, "zstd"));
        cases["perf-data, file"] = () => new MutationCase("perf-data", [SmallPerfData.Of(PerfData, 3000, out var fields)], fields);
        cases["perf-data, pipe"] = () =>
        {
            var pipe = PerfDataTests.OfPipe(SmallPerfData.Of(PerfData, 3000, out _));
            return new MutationCase("perf-data", [pipe], SmallPerfData.FieldsOf(pipe));
        };
        cases["perf-data, compressed"] = () =>
        {
            var packed = PerfDataTests.Compressed(SmallPerfData.Of(PerfData, 3000, out _), 81, 300);
            return new MutationCase("perf-data", [packed], SmallPerfData.FieldsOf(packed));
        };
        return cases;
    }

    /// <summary>Beginnings, middles and ends of all fixtures of a format, from line to line.</summary>
    private static MutationCase Texts(string format)
    {
        var seeds = Directory.GetFiles(Reading.Fixture(string.Empty), format + ".*").Order(StringComparer.Ordinal)
            .Where(path => !path.Contains(".compressed.", StringComparison.Ordinal))
            .Select(path => path.EndsWith(".zst", StringComparison.Ordinal) ? Unpacked(Path.GetFileName(path)) : File.ReadAllBytes(path))
            .SelectMany(Excerpts)
            .DistinctBy(Convert.ToBase64String, StringComparer.Ordinal)
            .ToArray();
        return new MutationCase(format, seeds, format != "journal-export" ? [] : Lengths(seeds[0])) { IsOfLines = !NotOfLines.Contains(format, StringComparer.Ordinal) };
    }

    private static IEnumerable<byte[]> Excerpts(byte[] bytes) => bytes.Length <= TextBytes
        ? [bytes]
        : new[] { 0, (bytes.Length - TextBytes) / 2, bytes.Length - TextBytes }.Distinct().Select(from => Lines(bytes, from)).Where(lines => lines.Length > 0);

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

    private static byte[] Unpacked(string name)
    {
        using var stream = new Containers.ZstdStream(File.OpenRead(Reading.Fixture(name)));
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
