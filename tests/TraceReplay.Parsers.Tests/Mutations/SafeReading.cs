using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>Reads bytes in this process and holds what must hold for any input: nothing is thrown, nothing grows, and everything is
/// counted and what was skipped is told.</summary>
internal sealed class SafeReading : IRecordSink
{
    // What a reading may take of memory: buffers for the largest blocks that a compressed input may claim, and something for every byte.
    private const long FirstBytes = 24L << 20;
    private const long BytesPerByte = 256;

    // What a reading may deliver: every event, fact and diagnostic comes of something in the content.
    private const long FirstDeliveries = 64;

    // Messages that two processors wrote at once share a line there.
    private static readonly string[] SharedLines = ["dmesg", "syslog", "plain-log"];

    private readonly EventBatch _batch = new();
    private readonly ReaderOptions _options = new();
    private readonly ObservedFormat? _format;
    private readonly List<Diagnostic> _diagnostics = [];
    private XxHash3? _hash;
    private SourceSummary? _summary;
    private NameTable _names = NameTable.Shared;
    private long _content;
    private long _delivered;
    private long _sourceEvents;
    private int _begun;
    private int _ended;

    /// <summary>Prepares for inputs of a format.</summary>
    /// <param name="format">Its name, null = detect.</param>
    public SafeReading(string? format) => _format = format is null ? null : new ObservedFormat(Formats.ByName(format)!);

    /// <summary>Lines or records of the last reading, all sources together.</summary>
    public long Records { get; private set; }

    /// <summary>Events of the last reading.</summary>
    public long Events { get; private set; }

    /// <summary>Facts of the last reading.</summary>
    public long Facts { get; private set; }

    /// <summary>Bytes that the last reading allocated.</summary>
    public long Allocated { get; private set; }

    /// <summary>The accounts of the last reading of a known format: what was made of the lines.</summary>
    public SourceJob? Job => _format?.Job;

    /// <summary>The content of the last reading was the input as it is.</summary>
    public bool IsPlain { get; private set; }

    /// <summary>Reads an input.</summary>
    /// <param name="bytes">Where it stands.</param>
    /// <param name="length">How long it is.</param>
    /// <returns>What is wrong, null if all holds.</returns>
    public string? Check(byte[] bytes, int length)
    {
        (_begun, _ended, _summary, _content, _delivered, _sourceEvents) = (0, 0, null, 0, 0, 0);
        (Records, Events, Facts) = (0, 0, 0);
        _diagnostics.Clear();
        _format?.Clear();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            _names = new NameTable();
            new IncidentReader(new Incident(_options, _names), _format, this, CancellationToken.None, _ => new MemoryStream(bytes, 0, length, writable: false))
                .Read(new Trees.IncidentFiles(null, ["input"]));
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        Allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        IsPlain = _summary is { } one && _begun == 1 && one.Bytes == length;
        return Allocated > FirstBytes + (BytesPerByte * (length + _content)) ? $"it takes {Allocated} bytes for {length} with {_content} of content"
            : _delivered > FirstDeliveries + _content + length ? $"it delivers {_delivered} things of {_content} bytes of content"
            : Job is { } job && job.Records != Counted(job)
                ? $"of {job.Records} records {job.Understood} were understood, {job.Skipped} skipped, {job.Comments} are comments and {job.Continuations} continue others"
            : _begun != _ended ? "a source was begun and not ended"
            : _format is not null && length > 0 && _begun == 0 && _diagnostics.Count == 0 ? "it disappeared"
            : null;
    }

    /// <summary>Reads an input once more, and tells a number that is another one where anything delivered is.</summary>
    /// <param name="bytes">Where it stands.</param>
    /// <param name="length">How long it is.</param>
    /// <returns>The number.</returns>
    public ulong Digest(byte[] bytes, int length)
    {
        _hash = new XxHash3();
        Add(Check(bytes, length) ?? string.Empty);
        for (var id = 1; id < _names.Count; id++)
        {
            Add(_names.Text(id));
        }

        var digest = _hash.GetCurrentHashAsUInt64();
        _hash = null;
        return digest;
    }

    /// <inheritdoc/>
    public bool BeginSource(SourceInfo source)
    {
        _begun++;
        _sourceEvents = 0;
        return true;
    }

    /// <inheritdoc/>
    public EventBatch RentBatch()
    {
        _batch.Clear();
        return _batch;
    }

    /// <inheritdoc/>
    void IRecordSink.Events(EventBatch batch)
    {
        _delivered += batch.Count;
        _sourceEvents += batch.Count;
        if (_hash is not null)
        {
            _hash.Append(MemoryMarshal.AsBytes(batch.Span));
            foreach (ref readonly var item in batch.Span)
            {
                _hash.Append(MemoryMarshal.AsBytes(batch.StateOf(item)));
            }
        }
    }

    /// <inheritdoc/>
    public void Fact(Fact fact)
    {
        _delivered++;
        Facts++;
        if (_hash is not null)
        {
            Add(fact.ToString());
        }
    }

    /// <inheritdoc/>
    public void Report(Diagnostic diagnostic)
    {
        _delivered++;
        _diagnostics.Add(diagnostic);
        if (_hash is not null)
        {
            Add(diagnostic.ToString());
        }
    }

    /// <inheritdoc/>
    public void EndSource(SourceSummary summary)
    {
        _ended++;
        _summary = summary;
        _content += summary.Bytes;
        Records += summary.Records;
        Events += summary.Events;
        if (summary.Events != _sourceEvents)
        {
            throw new InvalidOperationException($"{_sourceEvents} events came, {summary.Events} are told");
        }

        if (summary.Skipped < 0 || summary.Records < summary.Skipped || summary.Lost < 0 || summary.Bytes < 0 || summary.Sha256.Length != 64)
        {
            throw new InvalidOperationException($"the accounts are wrong: {summary}");
        }

        if (summary.Skipped > 0 && _diagnostics.Count == 0)
        {
            throw new InvalidOperationException($"what was skipped is not told: {summary}");
        }

        if (_hash is not null)
        {
            Add(summary.ToString());
        }
    }

    /// <inheritdoc/>
    public void Progress(string path, long doneBytes, long totalBytes)
    {
    }

    private static long Counted(SourceJob job)
    {
        var counted = job.Understood + job.Skipped + job.Comments + job.Continuations;
        return SharedLines.Contains(job.Format, StringComparer.Ordinal) && job.Comments == 0 ? Math.Min(counted, job.Records) : counted;
    }

    private void Add(string text) => _hash!.Append(Encoding.UTF8.GetBytes(text));
}
