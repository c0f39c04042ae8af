using TraceReplay.Parsers.TraceDat;

namespace TraceReplay.Parsers.PerfData;

/// <summary>Structure of a perf.data file (tools/perf/Documentation/perf.data-file-format.txt; spec formats.md 4.2).</summary>
internal sealed class PerfDataFile
{
    private const int HeaderBytes = 104;
    private const int TracingData = 1;

    /// <summary>Reads the structure.</summary>
    /// <param name="data">The whole file.</param>
    /// <exception cref="InvalidDataException">It is cut, or was made for a pipe.</exception>
    public PerfDataFile(ReadOnlyMemory<byte> data)
    {
        Data = data;
        var cursor = new ByteCursor(data, false, 8);
        if (cursor.U64() != HeaderBytes)
        {
            throw new InvalidDataException("this perf.data was written to a pipe; run `perf script` on it and give its output");
        }

        var attributeBytes = (long)Math.Clamp(cursor.U64(), 64, 4096);
        var attributes = Section(ref cursor);
        Records = Section(ref cursor);
        _ = Section(ref cursor);
        var features = cursor.U64();
        SampleTypes(attributes, attributeBytes);
        Trace = new TraceDatFile(Feature(features, TracingData));
    }

    /// <summary>The whole file.</summary>
    public ReadOnlyMemory<byte> Data { get; }

    /// <summary>Where the records stand.</summary>
    public (long Offset, long Size) Records { get; }

    /// <summary>Event layouts, task names and symbols.</summary>
    public TraceDatFile Trace { get; }

    /// <summary>What the samples of an event hold, by sample id.</summary>
    public Dictionary<ulong, ulong> SampleTypeOfId { get; } = [];

    /// <summary>What the samples of the first tracepoint hold.</summary>
    public ulong SampleType { get; private set; }

    private static (long Offset, long Size) Section(ref ByteCursor cursor) =>
        ((long)Math.Min(cursor.U64(), long.MaxValue), (long)Math.Min(cursor.U64(), long.MaxValue));

    private void SampleTypes((long Offset, long Size) attributes, long attributeBytes)
    {
        const uint Tracepoint = 2;
        for (var at = 0L; at + attributeBytes <= attributes.Size; at += attributeBytes)
        {
            var cursor = new ByteCursor(Data, false, attributes.Offset + at);
            var type = cursor.U32();
            cursor.At += 4 + 8 + 8;
            var sampleType = cursor.U64();
            SampleType = type == Tracepoint && SampleType == 0 ? sampleType : SampleType;
            cursor.At = attributes.Offset + at + attributeBytes - 16;
            var ids = Section(ref cursor);
            var id = new ByteCursor(Data, false, ids.Offset);
            for (var i = 0L; i + 8 <= ids.Size; i += 8)
            {
                SampleTypeOfId[id.U64()] = sampleType;
            }
        }
    }

    /// <summary>The sections of the features that are set follow the records, in the order of their bits.</summary>
    private ReadOnlyMemory<byte> Feature(ulong features, int bit)
    {
        if ((features >> bit & 1) == 0)
        {
            throw new InvalidDataException("this perf.data has no tracepoints");
        }

        var before = System.Numerics.BitOperations.PopCount(features & ((1UL << bit) - 1));
        var cursor = new ByteCursor(Data, false, checked(Records.Offset + Records.Size) + (before * 16L));
        var (offset, size) = Section(ref cursor);
        return new ByteCursor(Data, false, offset).Slice(size);
    }
}
