namespace TraceReplay.Core;

/// <summary>Where parsers put what they read. Calls come from one thread, in source order.</summary>
public interface IRecordSink
{
    /// <summary>A source begins.</summary>
    /// <param name="source">What is known of it.</param>
    /// <returns>False to skip it (the same bytes are stored already).</returns>
    bool BeginSource(SourceInfo source);

    /// <summary>An empty batch to fill. The sink may wait here (back-pressure).</summary>
    /// <returns>A cleared batch.</returns>
    EventBatch RentBatch();

    /// <summary>Takes a filled batch; ownership passes to the sink.</summary>
    /// <param name="batch">Events in source order.</param>
    void Events(EventBatch batch);

    /// <summary>Takes a fact.</summary>
    /// <param name="fact">The fact.</param>
    void Fact(Fact fact);

    /// <summary>Takes a diagnostic.</summary>
    /// <param name="diagnostic">The diagnostic.</param>
    void Report(Diagnostic diagnostic);

    /// <summary>The source has ended.</summary>
    /// <param name="summary">Its totals.</param>
    void EndSource(SourceSummary summary);

    /// <summary>Progress of reading, for display only.</summary>
    /// <param name="path">Source being read.</param>
    /// <param name="doneBytes">Stored bytes read so far.</param>
    /// <param name="totalBytes">Stored bytes in all, 0 unknown.</param>
    void Progress(string path, long doneBytes, long totalBytes);
}
