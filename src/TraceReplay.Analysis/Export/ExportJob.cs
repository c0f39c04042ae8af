using TraceReplay.Core;
using TraceReplay.Store;

namespace TraceReplay.Analysis.Export;

/// <summary>What a database is handed over as.</summary>
public enum ExportFormat
{
    /// <summary>The events in the canonical CSV (schema <c>tracereplay-dma-1</c>), which <c>ingest</c> reads back as the same events.</summary>
    Csv,

    /// <summary>Sources, pools, runs, events, failures and findings, one JSON object a line.</summary>
    JsonLines,

    /// <summary>A trace for ui.perfetto.dev: use of the pools, mappings by device, failures.</summary>
    Perfetto,
}

/// <summary>Hands a database to other tools. Everything is streamed: memory does not grow with the number of rows.</summary>
public static class ExportJob
{
    /// <summary>Writes the export.</summary>
    /// <param name="database">The database file.</param>
    /// <param name="format">What to write.</param>
    /// <param name="sourceId">Only the events of this <c>source.id</c>; null = of all.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>What the user should know, empty if nothing.</returns>
    /// <exception cref="StoreException">The database is missing or damaged.</exception>
    /// <exception cref="AnalysisException">It holds nothing that this format could show.</exception>
    public static IReadOnlyList<Diagnostic> Run(
        string database, ExportFormat format, long? sourceId, Stream output, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var store = TraceDatabase.Open(database);
        var facts = store.ReadFactsWithoutLogs();
        SourceRow[] sources = [.. facts.Sources.Where(s => sourceId is null || s.Id == sourceId)];
        if (sources.Length == 0)
        {
            throw Refused(
                database, sourceId is null ? "the database holds no source" : $"the database holds no source {sourceId}",
                sourceId is null ? "store some inputs first: tracereplay ingest INPUT --db " + database : "list them with: tracereplay query @sources --db " + database);
        }

        switch (format)
        {
            case ExportFormat.Csv:
                RefuseMixture(database, sources);
                new CanonicalCsvExport(store, facts, sources).Write(output, cancellation);
                break;
            case ExportFormat.JsonLines:
                new JsonLinesExport(store, facts, sources).Write(output, cancellation);
                break;
            default:
                return new PerfettoExport(store).Write(output, cancellation);
        }

        return [];
    }

    /// <summary>The canonical CSV has one clock.</summary>
    private static void RefuseMixture(string database, SourceRow[] sources)
    {
        SourceRow[] withEvents = [.. sources.Where(s => s.FirstEventId is not null)];
        if (withEvents.Length == 0)
        {
            throw Refused(
                database, "the database holds no events of a trace, and the canonical CSV shows nothing else",
                "for log messages: --to jsonl, or tracereplay query @failures --format csv");
        }

        if (withEvents.Select(s => s.Summary.Clock).Distinct().Count() > 1)
        {
            throw Refused(
                database, "the sources have different clocks, and a canonical CSV has one: "
                + string.Join(", ", withEvents.Select(s => $"{s.Id} {s.Summary.Path}")), "choose one with --source ID");
        }
    }

    private static AnalysisException Refused(string database, string message, string hint) =>
        new(new Diagnostic("TR0005", Severity.Error, message, new SourceRef(database, 0), hint));
}
