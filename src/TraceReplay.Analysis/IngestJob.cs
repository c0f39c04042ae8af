using TraceReplay.Core;
using TraceReplay.Parsers;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>What an ingest did.</summary>
/// <param name="Sources">The sources read.</param>
/// <param name="AlreadyStored">How many of them were stored before.</param>
/// <param name="Diagnostics">What the user must know.</param>
public sealed record IngestResult(
    IReadOnlyList<SourceSummary> Sources, int AlreadyStored, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>Notes that are shown: what was passed over, and what was taken of times that the input does not state.</summary>
    private static readonly string[] ForPeople = [Notice.PassedOver.Code, Notice.YearTaken.Code, Notice.ClockSetBack.Code, Notice.RunsBeside.Code, Notice.PutInOrder.Code];

    /// <summary>Whether a diagnostic is shown: notes are not, but for a few.</summary>
    /// <param name="diagnostic">The diagnostic.</param>
    /// <returns>True to show it.</returns>
    public static bool IsForPeople(Diagnostic diagnostic)
    {
        ArgumentNullException.ThrowIfNull(diagnostic);
        return diagnostic.Severity != Severity.Info || ForPeople.Contains(diagnostic.Code, StringComparer.Ordinal);
    }
}

/// <summary>Parses inputs into a database. The same bytes are never stored twice.</summary>
public static class IngestJob
{
    /// <summary>Runs it.</summary>
    /// <param name="inputs">Files, directories, archives, or <c>-</c>.</param>
    /// <param name="reader">How inputs are read.</param>
    /// <param name="database">The database file; made if it does not exist.</param>
    /// <param name="progress">Receives progress, null = none.</param>
    /// <param name="cancellation">Stops it; whole sources stay stored.</param>
    /// <returns>What was done.</returns>
    /// <exception cref="AnalysisException">An input does not exist.</exception>
    /// <exception cref="StoreException">The database cannot be written.</exception>
    public static IngestResult Run(
        IReadOnlyList<string> inputs, ReaderOptions reader, string database, Action<ReadProgress>? progress,
        CancellationToken cancellation)
    {
        Ingest.Require(inputs);
        using var store = TraceDatabase.Open(database, DatabaseAccess.Create);
        List<SourceSummary> sources = [];
        List<Diagnostic> diagnostics = [];
        var known = 0;
        foreach (var inputCase in InputCase.Split(inputs))
        {
            var target = new DatabaseTarget(store, inputCase.Name);
            using var ingest = Ingest.Run(inputCase.Inputs, reader, target, progress, cancellation, keepsFacts: false);
            sources.AddRange(ingest.Sources);
            diagnostics.AddRange(ingest.Diagnostics);
            known += target.AlreadyStored;
        }

        return new IngestResult(sources, known, diagnostics);
    }
}
