using TraceReplay.Core;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers;

/// <summary>One source while it is read: its content, where its records go, and its accounts.</summary>
internal sealed class SourceJob
{
    // Facts that wait for their year; some kilobytes each at most, mostly some hundred bytes.
    private const int MostHeld = 1 << 14;

    private readonly IRecordSink _sink;
    private readonly Action<BlockPump> _progress;
    private readonly CancellationToken _cancellation;
    private EventBatch? _batch;
    private List<Fact>? _held;
    private byte[] _hostBytes = [];
    private string _host = string.Empty;
    private int _hosts;
    private Func<long, long>? _settled;

    /// <summary>Prepares the reading of a source.</summary>
    /// <param name="path">Path as shown to the user.</param>
    /// <param name="format">Name of the format.</param>
    /// <param name="pump">Its content.</param>
    /// <param name="incident">What is known from other sources of the incident.</param>
    /// <param name="sink">Where records go.</param>
    /// <param name="progress">Called per block.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public SourceJob(
        string path, string format, BlockPump pump, Incident incident, IRecordSink sink, Action<BlockPump> progress, CancellationToken cancellation)
    {
        Path = path;
        Format = format;
        Pump = pump;
        Incident = incident;
        _sink = sink;
        _progress = progress;
        _cancellation = cancellation;
    }

    /// <summary>Path as shown to the user.</summary>
    public string Path { get; }

    /// <summary>Name of the format.</summary>
    public string Format { get; }

    /// <summary>Of a source that was gathered from the small files of a tree: what stands before their paths. Null = a file.</summary>
    public string? TreeRoot { get; init; }

    /// <summary>The content.</summary>
    public BlockPump Pump { get; }

    /// <summary>Path of the file whose bytes are the content, null if the content is compressed, a member or a pipe.</summary>
    public string? PlainPath { get; init; }

    /// <summary>When the file or the archive's member was last changed, UTC; null if that is not told.</summary>
    public DateTime? Modified { get; init; }

    /// <summary>What is known from other sources of the incident.</summary>
    public Incident Incident { get; }

    /// <summary>What the user said.</summary>
    public ReaderOptions Options => Incident.Options;

    /// <summary>Names of the events.</summary>
    public NameTable Names => Incident.Names;

    /// <summary>Lines or records seen.</summary>
    public long Records { get; set; }

    /// <summary>Events delivered.</summary>
    public long Events { get; private set; }

    /// <summary>Lines or records that could not be read as anything.</summary>
    public long Skipped { get; set; }

    /// <summary>Lines of headers, comments and empty lines.</summary>
    public long Comments { get; set; }

    /// <summary>Lines that belong to the record before them.</summary>
    public long Continuations { get; set; }

    /// <summary>Lines that were read as a record of their own.</summary>
    public long Understood { get; set; }

    /// <summary>Events the tracer says it lost.</summary>
    public long Lost { get; set; }

    /// <summary>In which order its events stand.</summary>
    public TraceOrder Order { get; } = new();

    /// <summary>Something worse than a remark was told of this source.</summary>
    public bool HasWarned { get; private set; }

    /// <summary>Name of the machine that all its lines are of, empty if they name none or several.</summary>
    public string Host { get; private set; } = string.Empty;

    /// <summary>A line names its machine.</summary>
    /// <param name="name">The name; what stands behind the first dot is the domain.</param>
    /// <returns>The name without the domain.</returns>
    public string SawHost(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return string.Empty;
        }

        var dot = name.IndexOf((byte)'.');
        var shorter = dot > 0 && name.IndexOfAnyExceptInRange((byte)'.', (byte)'9') >= 0 ? name[..dot] : name;
        if (!shorter.SequenceEqual(_hostBytes))
        {
            _hostBytes = shorter.ToArray();
            _host = System.Text.Encoding.UTF8.GetString(shorter).ToLowerInvariant();
        }

        _hosts += Host != _host && _hosts < 2 ? 1 : 0;
        Host = _hosts == 1 ? _host : string.Empty;
        return _host;
    }

    /// <summary>Clock of the times.</summary>
    public ClockDomain Clock { get; set; }

    /// <summary>The years of its stamps, null if they have their own.</summary>
    public LogYears? Years { get; set; }

    /// <summary>Opens the content as lines.</summary>
    /// <returns>A reader of lines.</returns>
    public LineReader OpenLines() => new(Pump, _ => Tick());

    /// <summary>To be called from time to time by readers that do not read lines: stops where the user wants that, and shows progress.</summary>
    public void Tick()
    {
        _cancellation.ThrowIfCancellationRequested();
        _progress(Pump);
    }

    /// <summary>Room for the next event, cleared.</summary>
    /// <returns>The event, to be filled in place before the next call.</returns>
    public ref TraceEvent NewEvent()
    {
        var batch = _batch ??= Rent();
        if (batch.IsFull)
        {
            _cancellation.ThrowIfCancellationRequested();
            Order.Add(batch.Span);
            _sink.Events(batch);
            batch = _batch = Rent();
        }

        Events++;
        ref var item = ref batch.Events[batch.Count++];
        item = TraceEvent.Empty;
        return ref item;
    }

    /// <summary>Adds area state for the event last begun.</summary>
    /// <param name="item">The event from <see cref="NewEvent"/>.</param>
    /// <param name="values">The values.</param>
    public void SetState(ref TraceEvent item, ReadOnlySpan<int> values)
    {
        item.StateOffset = _batch!.AddState(values);
        item.StateCount = values.Length;
    }

    /// <summary>Hands over a fact, now or when the year of its time is known.</summary>
    /// <param name="fact">The fact.</param>
    public void Fact(Fact fact)
    {
        if (_held is null)
        {
            _sink.Fact(_settled is null ? fact : Settled(fact, _settled));
            return;
        }

        _held.Add(fact);
        if (_held.Count >= MostHeld)
        {
            Years?.Settle(Tail());
        }
    }

    /// <summary>Keeps facts back until <see cref="Release"/>.</summary>
    public void Hold() => _held ??= [];

    /// <summary>Hands over what was kept back.</summary>
    /// <param name="settled">Turns times as they were read into those that they are.</param>
    public void Release(Func<long, long> settled)
    {
        _settled = settled;
        var held = _held ?? [];
        _held = null;
        held.ForEach(Fact);
    }

    private static Fact Settled(Fact fact, Func<long, long> settled) => fact switch
    {
        LogRecordFact record when PendingTime.Is(record.TimeNs) => record with { TimeNs = settled(record.TimeNs) },
        LogMessageFact message when PendingTime.Is(message.TimeNs) => message with { TimeNs = settled(message.TimeNs) },
        _ => fact,
    };

    /// <summary>The end of the file, where it can be read before its turn.</summary>
    private byte[] Tail()
    {
        const int Bytes = 1 << 14;
        if (PlainPath is null)
        {
            return [];
        }

        try
        {
            using var file = File.OpenHandle(PlainPath);
            var tail = new byte[Math.Min(Bytes, RandomAccess.GetLength(file))];
            return tail.AsSpan(0, RandomAccess.Read(file, tail, RandomAccess.GetLength(file) - tail.Length)).ToArray();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            return [];
        }
    }

    /// <summary>Tells the user something.</summary>
    /// <param name="notice">Which diagnostic.</param>
    /// <param name="line">Line, 0 = the source as a whole.</param>
    /// <param name="detail">What the message's <c>{0}</c> stands for.</param>
    public void Report(Notice notice, long line, string detail)
    {
        HasWarned |= notice.Severity > Severity.Info;
        _sink.Report(notice.At(new SourceRef(Path, line), detail));
    }

    /// <summary>A place in this source.</summary>
    /// <param name="line">1-based line.</param>
    /// <returns>The reference.</returns>
    public SourceRef At(long line) => new(Path, line);

    /// <summary>Hands over what is left in the batch.</summary>
    public void Flush()
    {
        if (_batch is { Count: > 0 } batch)
        {
            Order.Add(batch.Span);
            _sink.Events(batch);
            _batch = null;
        }
    }

    private EventBatch Rent()
    {
        var batch = _sink.RentBatch();
        batch.Names = Names;
        return batch;
    }
}
