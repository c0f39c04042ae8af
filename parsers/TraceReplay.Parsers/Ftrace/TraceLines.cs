using TraceReplay.Core;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Turns event names and bodies into events, for every format that prints events the way ftrace does.</summary>
internal sealed class TraceLines
{
    // Distinct marker texts and call chains kept; what comes after stays an event without text.
    private const int MostTexts = 1 << 16;
    private const int MostTextBytes = 1 << 12;

    private readonly SourceJob _job;
    private readonly EventTable _events;
    private readonly NameCache _comms;
    private readonly DmaBodies _dma;
    private readonly StorageBodies _storage;
    private readonly ProbeBodies _probes;
    private readonly TraceClockGuess _clock;
    private readonly ClockAlignment _alignment;
    private readonly byte[] _text = new byte[MostTextBytes];
    private readonly Text.TextBuffer _place = new();
    private LineContext _textContext;
    private EventKind _textKind;
    private int _textName;
    private int _textLength;
    private int _texts;
    private long _functions;

    /// <summary>Prepares for one source.</summary>
    /// <param name="job">The source.</param>
    public TraceLines(SourceJob job)
    {
        _job = job;
        _events = new EventTable(job.Names, job.Incident);
        _comms = new NameCache(job.Names);
        _dma = new DmaBodies(job);
        _storage = new StorageBodies(job);
        _probes = new ProbeBodies(job);
        _clock = new TraceClockGuess(job);
        _alignment = new ClockAlignment(job);
    }

    /// <summary>Says what an integer clock is, before its first stamp.</summary>
    /// <param name="clock">The clock.</param>
    public void IntegerClock(ClockDomain clock) => _clock.Integer = clock;

    /// <summary>Says what the recording itself says of its clock.</summary>
    /// <param name="clock">The clock, None if it says nothing.</param>
    public void KnownClock(ClockDomain clock) => _clock.Known = clock;

    /// <summary>Interns the common part of a line.</summary>
    /// <param name="header">The parts.</param>
    /// <param name="line">Line number.</param>
    /// <returns>The context of its events.</returns>
    public LineContext Context(scoped in LineHeader header, long line)
    {
        _clock.Saw(header);
        return new LineContext
        {
            Line = line,
            TimeNs = header.Time,
            Cpu = header.Cpu,
            Pid = header.Pid,
            CommId = header.Comm.SequenceEqual("<...>"u8) ? 0 : _comms.Intern(header.Comm),
            Interrupt = header.Interrupt,
        };
    }

    /// <summary>Reads one event.</summary>
    /// <param name="context">Common part.</param>
    /// <param name="name">Event name.</param>
    /// <param name="body">Its body.</param>
    public void Event(in LineContext context, ReadOnlySpan<byte> name, ReadOnlySpan<byte> body)
    {
        EndText();
        body = ProbePlace.InBrackets(body, _place);
        var descriptor = _events.Find(name, body);
        descriptor.Count++;
        switch (descriptor.Body)
        {
            case BodyKind.Marker:
                BeginText(context, EventKind.Marker, descriptor.NameId);
                AddText(WithoutMarkerPrefix(body));
                break;
            case BodyKind.Stack:
                BeginText(context, EventKind.Stack, descriptor.NameId);
                break;
            case BodyKind.Probe when descriptor.MayBeIommu && (body.StartsWith("IOMMU:"u8) || body.StartsWith("iova="u8) || body.StartsWith("[FAILED TO PARSE] iova="u8)):
                _dma.Iommu(context, descriptor, body);
                break;
            case BodyKind.Probe:
                _probes.Event(context, descriptor, body);
                break;
            case >= BodyKind.Bounced and <= BodyKind.DmaSyncSg:
                _dma.Event(context, descriptor, body);
                break;
            case BodyKind.Function:
                _functions++;
                break;
            case BodyKind.Other:
                context.Fill(ref _job.NewEvent(), EventKind.Other, descriptor.NameId);
                break;
            default:
                _storage.Event(context, descriptor, body);
                break;
        }
    }

    /// <summary>Takes a frame of the stack trace begun before.</summary>
    /// <param name="line">Any line.</param>
    /// <returns>False if it is no frame.</returns>
    public bool Frame(ReadOnlySpan<byte> line)
    {
        var rest = line.TrimStart((byte)' ');
        if (_textKind != EventKind.Stack || !rest.StartsWith("=> "u8))
        {
            return false;
        }

        AddFrame(rest[3..]);
        return true;
    }

    /// <summary>Takes a frame that follows an event without a line of its own for the stack (perf).</summary>
    /// <param name="context">The event's line.</param>
    /// <param name="symbol">Symbol.</param>
    public void FrameOf(in LineContext context, ReadOnlySpan<byte> symbol)
    {
        if (_textKind != EventKind.Stack)
        {
            EndText();
            BeginText(context, EventKind.Stack, 0);
        }

        AddFrame(symbol);
    }

    /// <summary>Adds one call site to the stack trace begun before.</summary>
    /// <param name="symbol">Symbol, maybe with the address behind it.</param>
    public void AddFrame(ReadOnlySpan<byte> symbol)
    {
        var end = symbol.IndexOf(" ("u8);
        symbol = end > 0 ? symbol[..end] : symbol;
        if (_textLength > 0)
        {
            AddText("|"u8);
        }

        AddText(symbol);
    }

    /// <summary>Takes a further line of the marker begun before.</summary>
    /// <param name="line">A line that is nothing else.</param>
    /// <returns>False if there is no open marker.</returns>
    public bool MarkerContinues(ReadOnlySpan<byte> line)
    {
        if (_textKind != EventKind.Marker)
        {
            return false;
        }

        AddText("\n"u8);
        AddText(line);
        return true;
    }

    /// <summary>The tracer lost events.</summary>
    /// <param name="line">Line number.</param>
    /// <param name="cpu">CPU.</param>
    /// <param name="lost">How many, 0 = not said.</param>
    public void Loss(long line, int cpu, long lost)
    {
        EndText();
        ref var item = ref _job.NewEvent();
        new LineContext { Line = line, TimeNs = _clock.Last, Cpu = cpu, Pid = -1 }.Fill(ref item, EventKind.Lost, 0);
        item.Bytes = lost;
        _job.Lost += lost;
        _job.Fact(new LossFact(cpu, lost > 0 ? lost : -1, false, _job.At(line)));
    }

    /// <summary>Ends the last record and states what was learned of the clock.</summary>
    public void Finish()
    {
        EndText();
        _clock.Finish();
        _alignment.Finish();
        _probes.Finish();
        _dma.Finish();
        if (_functions > 0)
        {
            _job.Report(Notice.FunctionRecords, 0, _functions.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>trace-cmd prints <c>print: tracing_mark_write: text</c>, and with -R <c>ip=0x... buf=text</c>.</summary>
    private static ReadOnlySpan<byte> WithoutMarkerPrefix(ReadOnlySpan<byte> body) =>
        body.StartsWith("tracing_mark_write: "u8) ? body["tracing_mark_write: ".Length..]
        : body.StartsWith("ip="u8) && body.IndexOf(" buf="u8) is > 0 and var text ? body[(text + " buf=".Length)..]
        : body;

    private void BeginText(in LineContext context, EventKind kind, int nameId)
    {
        _textContext = context;
        _textKind = kind;
        _textName = nameId;
        _textLength = 0;
    }

    private void AddText(ReadOnlySpan<byte> part)
    {
        var fits = part[..Math.Min(part.Length, MostTextBytes - _textLength)];
        fits.CopyTo(_text.AsSpan(_textLength));
        _textLength += fits.Length;
    }

    private void EndText()
    {
        if (_textKind == EventKind.Other)
        {
            return;
        }

        var text = _text.AsSpan(0, _textLength);
        if (_textKind == EventKind.Marker)
        {
            _alignment.Marker(_textContext, text);
        }

        ref var item = ref _job.NewEvent();
        _textContext.Fill(ref item, _textKind, _textName);
        item.TextId = Bounded(text);
        _textKind = EventKind.Other;
    }

    private int Bounded(ReadOnlySpan<byte> text)
    {
        if (_texts >= MostTexts)
        {
            return 0;
        }

        var before = _job.Names.Count;
        var id = _job.Names.Intern(text);
        _texts += _job.Names.Count - before;
        return id;
    }
}
