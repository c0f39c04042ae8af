using System.Text;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Structure of a trace.dat file, versions 6 and 7 (spec formats.md 4.1).</summary>
internal sealed class TraceDatFile
{
    // Option numbers of trace-cmd (libtracecmd include/private/trace-cmd-private.h).
    private const int Done = 0;
    private const int BufferOption = 3;
    private const int HeaderInfo = 16;
    private const int FtraceEvents = 17;
    private const int EventFormats = 18;
    private const int Kallsyms = 19;
    private const int Cmdlines = 21;

    // More than any machine and recording has; what claims more is damaged.
    private const int MostCpus = 1 << 16;
    private const int MostLayouts = 1 << 17;
    private const int MostTasks = 1 << 18;
    private const long MostOptionBytes = 64L << 20;

    private readonly RandomContent _content;
    private readonly List<(int Id, RandomContent Value)> _options = [];
    private long _optionBytes;
    private int _layouts;
    private bool _bigEndian;
    private CompressedParts _parts = new("none");

    /// <summary>Reads the structure.</summary>
    /// <param name="content">The whole file; stays open as long as the rings are read.</param>
    /// <exception cref="InvalidDataException">It is not such a file, or cut in its head.</exception>
    public TraceDatFile(RandomContent content)
    {
        _content = content;
        var cursor = new ByteCursor(content, false, 10);
        var version = cursor.Text();
        _bigEndian = cursor.Take(1)[0] != 0;
        cursor = new ByteCursor(content, _bigEndian, cursor.At);
        _ = cursor.Take(1);
        PageBytes = (int)Math.Clamp(cursor.U32(), 1024, 1 << 20);
        if (version == "6")
        {
            Version6(cursor);
        }
        else if (version.StartsWith("0.", StringComparison.Ordinal))
        {
            // The head that perf.data embeds: 0.6 has task names, 0.5 has not.
            Head6(ref cursor, hasTasks: version != "0.5");
        }
        else if (version == "7")
        {
            Version7(cursor);
        }
        else
        {
            throw new InvalidDataException($"trace.dat version {version} is not known");
        }

        foreach (var (id, value) in _options)
        {
            Recording.Take(id, value, _bigEndian);
        }
    }

    /// <summary>Page size of the traced machine.</summary>
    public int PageBytes { get; }

    /// <summary>Whether its numbers are big endian.</summary>
    public bool BigEndian => _bigEndian;

    /// <summary>Layouts by event number.</summary>
    public Dictionary<int, EventLayout> Layouts { get; } = [];

    /// <summary>Task names by id.</summary>
    public Dictionary<int, byte[]> Tasks { get; } = [];

    /// <summary>Raw pages by buffer and CPU.</summary>
    public List<(string Buffer, int Cpu, RingPages Pages)> Rings { get; } = [];

    /// <summary>Description of a page's head.</summary>
    public string PageHeader { get; private set; } = string.Empty;

    /// <summary>Bytes of a long of the traced kernel, 4 or 8: the size of the page head's field commit.</summary>
    public int LongBytes => PageHeader.Contains("commit;\toffset:8;\tsize:4", StringComparison.Ordinal) ? 4 : 8;

    /// <summary>Text of /proc/kallsyms, empty if not there.</summary>
    public ReadOnlyMemory<byte> Symbols { get; private set; }

    /// <summary>What the file says of the recording: clock, machine, losses.</summary>
    public RecordingOptions Recording { get; } = new();

    private void Head6(ref ByteCursor cursor, bool hasTasks)
    {
        cursor.At += "header_page\0".Length;
        PageHeader = Encoding.UTF8.GetString(cursor.Sized64().Span);
        cursor.At += "header_event\0".Length;
        _ = cursor.Sized64();
        Layouts32(ref cursor);
        Systems(ref cursor);
        Symbols = cursor.Slice(cursor.U32());
        _ = cursor.Slice(cursor.U32());
        if (hasTasks)
        {
            TaskNames(cursor.Sized64().Span);
        }
    }

    private void Version6(ByteCursor cursor)
    {
        Head6(ref cursor, hasTasks: true);
        var cpus = cursor.U32();
        var tag = Encoding.ASCII.GetString(cursor.Take(10));
        if (tag.StartsWith("options", StringComparison.Ordinal))
        {
            for (int id = cursor.U16(); id != Done; id = cursor.U16())
            {
                Option(id, cursor.Slice(cursor.U32()));
            }

            tag = Encoding.ASCII.GetString(cursor.Take(10));
        }

        if (!tag.StartsWith("flyrecord", StringComparison.Ordinal))
        {
            throw new InvalidDataException("this trace.dat holds a latency trace, not events");
        }

        Table6(cursor, string.Empty, cpus);
        foreach (var (_, value) in _options.Where(o => o.Id == BufferOption))
        {
            var option = new ByteCursor(value, _bigEndian);
            var at = Math.Min(option.Offset(), long.MaxValue - 10);
            Table6(new ByteCursor(_content, _bigEndian, at + 10), option.Text(), cpus);
        }
    }

    private void Table6(ByteCursor cursor, string buffer, uint cpus)
    {
        for (var cpu = 0; cpu < cpus; cpu++)
        {
            var offset = cursor.Offset();
            AddRing(buffer, cpu, new PlainPages(_content, offset, cursor.Offset(), PageBytes));
        }
    }

    private void Version7(ByteCursor cursor)
    {
        _parts = new CompressedParts(cursor.Text());
        _ = cursor.Text();
        var next = cursor.U64();
        var seen = new HashSet<ulong>();
        while (next != 0 && seen.Add(next))
        {
            next = Options(Section(next));
        }

        foreach (var (id, value) in _options.Where(o => o.Id is HeaderInfo or FtraceEvents or EventFormats or Kallsyms or Cmdlines))
        {
            Part(id, Section(new ByteCursor(value, _bigEndian).U64()));
        }

        foreach (var (_, value) in _options.Where(o => o.Id == BufferOption))
        {
            Buffer7(new ByteCursor(value, _bigEndian));
        }
    }

    private void AddRing(string buffer, int cpu, RingPages pages)
    {
        if (Rings.Count >= MostCpus)
        {
            throw new InvalidDataException("it claims an absurd number of CPUs");
        }

        Rings.Add((buffer, cpu, pages));
    }

    private void Option(int id, ReadOnlyMemory<byte> value)
    {
        _optionBytes += value.Length + 64;
        if (_optionBytes > MostOptionBytes)
        {
            throw new InvalidDataException("its options are of an absurd size");
        }

        _options.Add((id, new RandomContent(value)));
    }

    private ulong Options(ReadOnlyMemory<byte> section)
    {
        var cursor = new ByteCursor(new RandomContent(section), _bigEndian);
        while (cursor.Left >= 6)
        {
            int id = cursor.U16();
            var value = cursor.Slice(cursor.U32());
            if (id == Done)
            {
                return value.Length >= 8 ? new ByteCursor(new RandomContent(value), _bigEndian).U64() : 0;
            }

            Option(id, value);
        }

        return 0;
    }

    private void Part(int id, ReadOnlyMemory<byte> section)
    {
        var cursor = new ByteCursor(new RandomContent(section), _bigEndian);
        switch (id)
        {
            case HeaderInfo:
                _ = cursor.Text();
                PageHeader = Encoding.UTF8.GetString(cursor.Sized64().Span);
                break;
            case FtraceEvents:
                Layouts32(ref cursor);
                break;
            case EventFormats:
                Systems(ref cursor);
                break;
            case Kallsyms:
                Symbols = cursor.Slice(cursor.U32());
                break;
            default:
                TaskNames(cursor.Sized64().Span);
                break;
        }
    }

    /// <summary>Section head: id, flags (1 = compressed), description, 64-bit size.</summary>
    private ReadOnlyMemory<byte> Section(ulong offset)
    {
        var cursor = new ByteCursor(_content, _bigEndian, (long)Math.Min(offset, long.MaxValue));
        _ = cursor.U16();
        var flags = cursor.U16();
        _ = cursor.U32();
        var body = cursor.Sized64();
        if ((flags & 1) == 0)
        {
            return body;
        }

        var inner = new ByteCursor(new RandomContent(body), _bigEndian);
        return _parts.Section(ref inner);
    }

    private void Buffer7(ByteCursor option)
    {
        var section = new ByteCursor(_content, _bigEndian, option.Offset());
        _ = section.U16();
        var isCompressed = (section.U16() & 1) != 0;
        var name = option.Text();
        _ = option.Text();
        var count = option.U32();

        // A page size stands in front of the count since 3.1; the length tells.
        if (option.Left != 20L * count)
        {
            count = option.U32();
        }

        for (var i = 0; i < count; i++)
        {
            var cpu = (int)Math.Min(option.U32(), 65535);
            var offset = option.Offset();
            var size = option.Offset();
            AddRing(name, cpu, isCompressed
                ? new PackedPages(_parts, new ByteCursor(_content, _bigEndian, offset))
                : new PlainPages(_content, offset, size, PageBytes));
        }
    }

    private void Layouts32(ref ByteCursor cursor)
    {
        var count = cursor.U32();
        for (var i = 0; i < count; i++)
        {
            Add(cursor.Sized64());
        }
    }

    private void Systems(ref ByteCursor cursor)
    {
        var systems = cursor.U32();
        for (var i = 0; i < systems; i++)
        {
            _ = cursor.Text();
            Layouts32(ref cursor);
        }
    }

    private void Add(ReadOnlyMemory<byte> text)
    {
        if (++_layouts > MostLayouts)
        {
            throw new InvalidDataException("it describes an absurd number of events");
        }

        if (EventLayout.Parse(Encoding.UTF8.GetString(text.Span)) is { } layout)
        {
            Layouts[layout.Id] = layout;
        }
    }

    private void TaskNames(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && Tasks.Count < MostTasks)
        {
            var line = Text.HeadLines.Next(ref text);
            var at = 0;
            if (Text.Ascii.Decimal(line, ref at, out var pid) && at < line.Length && pid <= int.MaxValue)
            {
                Tasks[(int)pid] = line[(at + 1)..].ToArray();
            }
        }
    }
}
