using System.Text;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.TraceDat;

namespace TraceReplay.Parsers.PerfData;

/// <summary>What a perf.data file says of itself: events, layouts, machine (tools/perf/Documentation/perf.data-file-format.txt; spec
/// formats.md 4.2). A file for a pipe says it record by record.</summary>
internal sealed class PerfDataFile
{
    /// <summary>Task names kept: pid_max is at most 4194304, and no recording has seen a tenth of that.</summary>
    public const int MostTasks = 1 << 18;

    private const int HeaderBytes = 104;
    private const int PipeHeaderBytes = 16;
    private const int MostIds = 1 << 20;

    // Feature numbers (tools/perf/util/header.h).
    private const int TracingData = 1;
    private const int OsRelease = 4;
    private const int Architecture = 6;
    private const int CpuNumbers = 7;
    private const int Features = 256;

    private readonly RandomContent _content;
    private bool _hasFirst;

    /// <summary>Reads the head.</summary>
    /// <param name="content">The whole file.</param>
    /// <exception cref="InvalidDataException">It is cut.</exception>
    public PerfDataFile(RandomContent content)
    {
        _content = content;
        var cursor = new ByteCursor(content, false, 8);
        var header = cursor.U64();
        if (header == PipeHeaderBytes)
        {
            Records = (PipeHeaderBytes, content.Length - PipeHeaderBytes);
            return;
        }

        if (header < HeaderBytes)
        {
            throw new InvalidDataException("the head is damaged");
        }

        var attributeBytes = (long)Math.Clamp(cursor.U64(), 80, 4096);
        var attributes = Section(ref cursor);
        Records = Section(ref cursor);
        _ = Section(ref cursor);
        Span<ulong> bits = [cursor.U64(), cursor.U64(), cursor.U64(), cursor.U64()];
        Attributes(attributes, attributeBytes);
        if (Records.Size == 0)
        {
            // The recorder was killed before it wrote the size; then there is nothing behind the records either.
            Records = (Records.Offset, Math.Max(content.Length - Records.Offset, 0));
            return;
        }

        FeatureSections(bits);
    }

    /// <summary>Where the records stand.</summary>
    public (long Offset, long Size) Records { get; }

    /// <summary>Event layouts, task names and symbols, null as long as nothing was said of them.</summary>
    public TraceDatFile? Trace { get; private set; }

    /// <summary>What samples hold, by sample id.</summary>
    public Dictionary<ulong, PerfAttribute> ById { get; } = [];

    /// <summary>What the samples of the first tracepoint hold.</summary>
    public PerfAttribute First { get; private set; }

    /// <summary>Task names by id.</summary>
    public Dictionary<int, byte[]> Tasks { get; } = [];

    /// <summary>Kernel release of the machine, null if not said.</summary>
    public string? KernelRelease { get; private set; }

    /// <summary>Its architecture, null if not said.</summary>
    public string? Arch { get; private set; }

    /// <summary>Its CPUs, null if not said.</summary>
    public int? Cpus { get; private set; }

    /// <summary>Takes an attribute and the ids of its samples.</summary>
    /// <param name="attribute">The attribute.</param>
    /// <param name="ids">The ids, 8 bytes each.</param>
    public void Add(PerfAttribute attribute, ReadOnlySpan<byte> ids)
    {
        // The kernel's own records have the layout of the first event, whatever it is; a tracepoint is what is looked for.
        if (!_hasFirst || (attribute.IsTracepoint && !First.IsTracepoint))
        {
            (First, _hasFirst) = (attribute, true);
        }

        for (; ids.Length >= 8 && ById.Count < MostIds; ids = ids[8..])
        {
            ById[BitConverter.ToUInt64(ids)] = attribute;
        }
    }

    /// <summary>Takes a feature.</summary>
    /// <param name="feature">Its number.</param>
    /// <param name="at">Where its data stand.</param>
    /// <param name="size">How many bytes.</param>
    public void Feature(int feature, long at, long size)
    {
        var cursor = new ByteCursor(_content, false, at);
        switch (feature)
        {
            case TracingData:
                Trace = new TraceDatFile(new RandomContent(_content.Slice(at, size)));
                foreach (var (pid, name) in Trace.Tasks)
                {
                    _ = Tasks.TryAdd(pid, name);
                }

                break;
            case OsRelease when size >= 4:
                KernelRelease = Text(ref cursor);
                break;
            case Architecture when size >= 4:
                Arch = Text(ref cursor);
                break;
            case CpuNumbers when size >= 4 && cursor.U32() is var count and < 65536:
                Cpus = (int)count;
                break;
            default:
                break;
        }
    }

    private static (long Offset, long Size) Section(ref ByteCursor cursor) => (cursor.Offset(), cursor.Offset());

    private static string Text(ref ByteCursor cursor)
    {
        var bytes = cursor.Take((int)Math.Min(cursor.U32(), 256));
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private void Attributes((long Offset, long Size) section, long attributeBytes)
    {
        for (var at = 0L; at + attributeBytes <= section.Size && ById.Count < MostIds; at += attributeBytes)
        {
            var cursor = new ByteCursor(_content, false, section.Offset + at);
            var attribute = PerfAttribute.Read(cursor.Take((int)attributeBytes - 16));
            var ids = Section(ref cursor);
            Add(attribute, _content.Slice(ids.Offset, Math.Min(ids.Size, RandomContent.MostSlice)).Span);
        }
    }

    /// <summary>The sections of the features that are set follow the records, in the order of their bits. A recorder that was killed
    /// wrote none.</summary>
    private void FeatureSections(ReadOnlySpan<ulong> bits)
    {
        var table = new ByteCursor(_content, false, Math.Min(Records.Offset, long.MaxValue - Records.Size) + Records.Size);
        for (var bit = 0; bit < Features; bit++)
        {
            if ((bits[bit / 64] >> (bit % 64) & 1) != 0)
            {
                var (offset, size) = Section(ref table);
                Feature(bit, offset, size);
            }
        }
    }
}
