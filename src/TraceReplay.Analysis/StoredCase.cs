using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Replay;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>A case read back from a database: the same facts and operations that reading the inputs gave.</summary>
internal sealed class StoredCase
{
    private StoredCase(IReadOnlyList<SourceSummary> sources, IReadOnlyList<Diagnostic> diagnostics, FailureFilter filter)
    {
        Facts = new CaseFacts(filter);
        Sources = sources;
        Diagnostics = diagnostics;
    }

    /// <summary>The operations.</summary>
    public OperationLog Operations { get; } = new();

    /// <summary>The facts.</summary>
    public CaseFacts Facts { get; }

    /// <summary>The sources.</summary>
    public IReadOnlyList<SourceSummary> Sources { get; }

    /// <summary>What the user must know.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; }

    /// <summary>The sources as stored, in the order of the operations' sources.</summary>
    public IReadOnlyList<SourceRow> Rows { get; private init; } = [];

    /// <summary>Reads a case.</summary>
    /// <param name="database">The database.</param>
    /// <param name="caseName">Name of the case, null = all that the database holds.</param>
    /// <param name="filter">Which failures will be asked for.</param>
    /// <returns>The case.</returns>
    public static StoredCase Read(TraceDatabase database, string? caseName, FailureFilter filter)
    {
        var stored = caseName is null ? database.ReadFacts() : database.ReadFacts(caseName);
        var @case = new StoredCase(
            [.. stored.Sources.Select(s => s.Summary)], [.. stored.Diagnostics.Select(d => d.Diagnostic)], filter)
        {
            Rows = stored.Sources,
        };
        @case.ReadFacts(stored);
        StoredOperations.Read(database, stored.Sources, @case.Operations);
        return @case;
    }

    /// <summary>Facts source by source, so that logs that repeat each other are recognised as when they were read.</summary>
    private void ReadFacts(StoredFacts stored)
    {
        var duplicates = new LogDuplicates();
        var sources = stored.Sources.ToDictionary(s => s.Id, s => s.Summary);
        SourceSummary? current = null;
        foreach (var (sourceId, fact) in stored.Facts)
        {
            if (sources.TryGetValue(sourceId, out var source) && !ReferenceEquals(source, current))
            {
                End(current);
                current = source;
                Facts.Messages.CanDrop = duplicates.HasLogs;
            }

            if (fact is LogRecordFact record)
            {
                duplicates.Add(record);
            }

            Facts.Add(fact);
        }

        End(current);

        void End(SourceSummary? source)
        {
            if (source is null)
            {
                return;
            }

            var overlaps = duplicates.End(source);
            Facts.End(source, overlaps);
            foreach (var overlap in overlaps)
            {
                Facts.Drop(source.Path, overlap.Lines);
            }
        }
    }
}
