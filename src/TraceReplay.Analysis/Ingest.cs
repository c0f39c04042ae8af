using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Parsers;
using TraceReplay.Replay;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>Reads inputs once: the reading thread parses and pairs operations, a second thread writes the database.</summary>
public sealed class Ingest : IRecordSink, IDisposable
{
    private readonly Action<ReadProgress>? _progress;
    private readonly StoreThread? _store;
    private readonly Stack<EventBatch> _idle = new();
    private readonly LogDuplicates _duplicates = new();
    private readonly bool _keepsFacts;
    private long _events;
    private bool _toldPartial;

    private Ingest(IStoreTarget? target, Action<ReadProgress>? progress, FailureFilter? filter, bool keepsFacts)
    {
        Facts = new CaseFacts(filter);
        _progress = progress;
        _keepsFacts = keepsFacts;
        Pairing = new Pairing(Operations);
        if (target is null)
        {
            return;
        }

        foreach (var (source, records) in target.EarlierLogs())
        {
            foreach (var record in records)
            {
                _duplicates.Add(record);
            }

            _ = _duplicates.End(source);
        }

        _store = new StoreThread(target);
    }

    /// <summary>The operations read.</summary>
    public OperationLog Operations { get; } = new();

    /// <summary>The facts read.</summary>
    public CaseFacts Facts { get; }

    /// <summary>How the operations were paired.</summary>
    public Pairing Pairing { get; }

    /// <summary>The sources read.</summary>
    public List<SourceSummary> Sources { get; } = [];

    /// <summary>What the user must know.</summary>
    public List<Diagnostic> Diagnostics { get; } = [];

    /// <summary>Refuses inputs that do not exist before anything is read or made; prepares for reading the others.</summary>
    /// <param name="inputs">Paths as the user gave them.</param>
    /// <exception cref="AnalysisException">One does not exist.</exception>
    public static void Require(IReadOnlyList<string> inputs)
    {
        if (InputReader.Missing(inputs) is { } missing)
        {
            throw new AnalysisException(missing);
        }

        Messages.Prepare();
    }

    /// <summary>Reads inputs.</summary>
    /// <param name="inputs">Paths.</param>
    /// <param name="options">How to read them.</param>
    /// <param name="target">Where to store, null = nowhere.</param>
    /// <param name="progress">Receives progress, null = none.</param>
    /// <param name="cancellation">Stops reading; whole sources stay stored.</param>
    /// <param name="filter">Which failures will be asked for, null = all.</param>
    /// <param name="keepsFacts">Facts are kept for a diagnosis, not only stored.</param>
    /// <returns>What was read.</returns>
    public static Ingest Run(
        IReadOnlyList<string> inputs, ReaderOptions options, IStoreTarget? target, Action<ReadProgress>? progress,
        CancellationToken cancellation, FailureFilter? filter = null, bool keepsFacts = true)
    {
        var ingest = new Ingest(target, progress, filter, keepsFacts);
        try
        {
            InputReader.Read(inputs, options, ingest, cancellation);
        }
        finally
        {
            ingest._store?.Finish();
        }

        return ingest;
    }

    /// <inheritdoc/>
    public bool BeginSource(SourceInfo source)
    {
        Pairing.BeginSource(source);
        Facts.Messages.CanDrop = _duplicates.HasLogs;
        _store?.Send(source);
        return true;
    }

    /// <inheritdoc/>
    public EventBatch RentBatch()
    {
        if (_store is not null)
        {
            return _store.RentBatch();
        }

        var idle = _idle.Count > 0 ? _idle.Pop() : new EventBatch();
        idle.Clear();
        return idle;
    }

    /// <inheritdoc/>
    public void Events(EventBatch batch)
    {
        _events += batch.Count;
        Pairing.Add(batch);
        if (_store is null)
        {
            _idle.Push(batch);
        }
        else
        {
            _store.Send(batch);
        }
    }

    /// <inheritdoc/>
    public void Fact(Fact fact)
    {
        if (fact is LogRecordFact record)
        {
            _duplicates.Add(record);
        }

        if (_keepsFacts)
        {
            Facts.Add(fact);
        }

        _store?.Send(fact);
    }

    /// <inheritdoc/>
    public void Report(Diagnostic diagnostic)
    {
        Diagnostics.Add(diagnostic);
        _store?.Send(diagnostic);
    }

    /// <inheritdoc/>
    public void EndSource(SourceSummary summary)
    {
        if (Pairing.EndSource() is { } earlier)
        {
            Report(new Diagnostic("TR0303", Severity.Warning,
                $"the same recording as {earlier}, in another rendering: its mappings are counted once", new SourceRef(summary.Path, 0)));
            _store?.Send(new SourceRepetition(earlier, "recording", new HashSet<long>(), 0));
        }

        var overlaps = _duplicates.End(summary);
        Facts.End(summary, overlaps);
        foreach (var overlap in overlaps)
        {
            Facts.Drop(summary.Path, overlap.Lines);
            Report(RepeatedLines.Notice(summary.Path, overlap));
            _store?.Send(new SourceRepetition(overlap.Path, "log", overlap.Lines, overlap.OffsetNs));
        }

        if (_duplicates.IsPartial && !_toldPartial)
        {
            _toldPartial = true;
            Report(RepeatedLines.Partial(summary.Path));
        }

        Sources.Add(summary);
        _store?.Send(summary);
    }

    /// <inheritdoc/>
    public void Progress(string path, long doneBytes, long totalBytes) =>
        _progress?.Invoke(new ReadProgress(path, doneBytes, totalBytes, _events));

    /// <inheritdoc/>
    public void Dispose() => _store?.Dispose();
}

/// <summary>Where an ingest stores what it reads. All calls come from one thread.</summary>
public interface IStoreTarget
{
    /// <summary>A source begins.</summary>
    /// <param name="source">The source.</param>
    void BeginSource(SourceInfo source);

    /// <summary>Events of the source.</summary>
    /// <param name="batch">The batch.</param>
    void Write(EventBatch batch);

    /// <summary>A fact of the source.</summary>
    /// <param name="fact">The fact.</param>
    void Write(Fact fact);

    /// <summary>A diagnostic of the source.</summary>
    /// <param name="diagnostic">The diagnostic.</param>
    void Write(Diagnostic diagnostic);

    /// <summary>Part of the source stands in an earlier one; what it tells of failures is not to be counted again.</summary>
    /// <param name="repetition">Which part.</param>
    void Write(SourceRepetition repetition);

    /// <summary>The logs of this case that are stored already, with their recognised lines.</summary>
    /// <returns>In the order in which they were stored.</returns>
    IEnumerable<(SourceSummary Source, IEnumerable<LogRecordFact> Records)> EarlierLogs();

    /// <summary>The source has ended; it is stored whole from here on.</summary>
    /// <param name="summary">Its totals.</param>
    void EndSource(SourceSummary summary);

    /// <summary>Reading has ended, in whatever way: a source that did not end is dropped.</summary>
    void Abandon();
}
