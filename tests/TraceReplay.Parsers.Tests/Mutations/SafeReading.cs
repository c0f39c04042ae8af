using System.Diagnostics;
using TraceReplay.Core;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>Reads bytes in this process and holds what must hold for any input: nothing is thrown, nothing hangs, nothing grows, and
/// what was skipped is counted and told.</summary>
internal sealed class SafeReading : IRecordSink
{
    private const long MostBytes = 192L << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    private readonly EventBatch _batch = new();
    private readonly Incident _empty = new(new ReaderOptions(), NameTable.Shared);
    private readonly List<Diagnostic> _diagnostics = [];
    private SourceSummary? _summary;
    private long _events;
    private int _begun;
    private int _ended;

    /// <summary>Reads an input.</summary>
    /// <param name="bytes">The input.</param>
    /// <param name="format">Its format, null = detect.</param>
    /// <returns>What is wrong, null if all holds.</returns>
    public string? Check(byte[] bytes, string? format)
    {
        (_begun, _ended, _events, _summary) = (0, 0, 0, null);
        _diagnostics.Clear();
        var clock = Stopwatch.GetTimestamp();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            var incident = new Incident(_empty.Options, new NameTable());
            new IncidentReader(incident, format is null ? null : Formats.ByName(format), this, CancellationToken.None, _ => new MemoryStream(bytes, writable: false))
                .Read(new Trees.IncidentFiles(null, ["input"]));
        }
        catch (Exception e)
        {
            return e.ToString();
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return Stopwatch.GetElapsedTime(clock) > MostTime ? "it takes too long"
            : allocated > MostBytes ? $"it takes {allocated >> 20} MiB"
            : _begun != _ended ? "a source was begun and not ended"
            : _summary is { } s && (s.Skipped < 0 || s.Records < s.Skipped || s.Lost < 0 || s.Sha256.Length != 64) ? $"the accounts are wrong: {s}"
            : _summary is { Skipped: > 0 } && _diagnostics.Count == 0 ? "what was skipped is not told"
            : format is not null && bytes.Length > 0 && _begun == 0 && _diagnostics.Count == 0 ? "it disappeared"
            : null;
    }

    public bool BeginSource(SourceInfo source)
    {
        _begun++;
        return true;
    }

    public EventBatch RentBatch()
    {
        _batch.Clear();
        return _batch;
    }

    public void Events(EventBatch batch) => _events += batch.Count;

    public void Fact(Fact fact)
    {
    }

    public void Report(Diagnostic diagnostic) => _diagnostics.Add(diagnostic);

    public void EndSource(SourceSummary summary)
    {
        _ended++;
        _summary = summary;
        if (summary.Events != _events)
        {
            throw new InvalidOperationException($"{_events} events came, {summary.Events} are told");
        }

        _events = 0;
    }

    public void Progress(string path, long doneBytes, long totalBytes)
    {
    }
}
