using TraceReplay.Core;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>Stores what an ingest reads, each source in its own transaction.</summary>
internal sealed class DatabaseTarget(TraceDatabase database, string caseName) : IStoreTarget
{
    private SourceWriter? _source;

    /// <summary>Sources whose bytes were stored already.</summary>
    public int AlreadyStored { get; private set; }

    /// <summary>Ids of the sources of this ingest, new or known, in order.</summary>
    public List<long> SourceIds { get; } = [];

    /// <inheritdoc/>
    public void BeginSource(SourceInfo source) => _source = database.BeginSource(source, caseName);

    /// <inheritdoc/>
    public void Write(EventBatch batch) => _source!.Write(batch);

    /// <inheritdoc/>
    public void Write(Fact fact) => _source?.Write(fact);

    /// <inheritdoc/>
    public void Write(Diagnostic diagnostic)
    {
        if (_source is null)
        {
            database.Write(diagnostic);
        }
        else
        {
            _source.Write(diagnostic);
        }
    }

    /// <inheritdoc/>
    public void Write(SourceRepetition repetition) => _source?.Write(repetition);

    /// <inheritdoc/>
    public IEnumerable<(SourceSummary Source, IEnumerable<LogRecordFact> Records)> EarlierLogs() => database.ReadLogRecords(caseName);

    /// <inheritdoc/>
    public void EndSource(SourceSummary summary)
    {
        var stored = _source!.Complete(summary);
        AlreadyStored += stored.AlreadyStored ? 1 : 0;
        SourceIds.Add(stored.SourceId);
        _source.Dispose();
        _source = null;
    }

    /// <summary>Takes back a source that was not completed.</summary>
    public void Abandon()
    {
        _source?.Dispose();
        _source = null;
    }
}
