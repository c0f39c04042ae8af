using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>A stored source.</summary>
/// <param name="Id"><c>source.id</c>.</param>
/// <param name="Summary">Its totals, as they were when it was read.</param>
/// <param name="FirstEventId">First <c>event.id</c>, null without events.</param>
/// <param name="LastEventId">Last <c>event.id</c>, null without events.</param>
/// <param name="RecordedWith">First source of the same recording, null = a recording of its own.</param>
public sealed record SourceRow(long Id, SourceSummary Summary, long? FirstEventId, long? LastEventId, long? RecordedWith = null);

/// <summary>A fact and the source it belongs to.</summary>
/// <param name="SourceId"><c>source.id</c>.</param>
/// <param name="Fact">The fact, equal to the one that was written.</param>
public readonly record struct StoredFact(long SourceId, Fact Fact);

/// <summary>A diagnostic and the source it belongs to.</summary>
/// <param name="SourceId"><c>source.id</c>, null for an input that did not become a source.</param>
/// <param name="Diagnostic">The diagnostic, equal to the one that was written.</param>
public readonly record struct StoredDiagnostic(long? SourceId, Diagnostic Diagnostic);

/// <summary>All that the stored inputs say besides events: the same records, in the same order, as when they were read.</summary>
public sealed class StoredFacts
{
    private StoredFacts()
    {
    }

    /// <summary>The sources in the order in which they were stored.</summary>
    public required IReadOnlyList<SourceRow> Sources { get; init; }

    /// <summary>The facts of all sources in the order in which they were read. Lines of logs are read from the database while this is
    /// enumerated, so that memory does not grow with them; the database must be open.</summary>
    public required IEnumerable<StoredFact> Facts { get; init; }

    /// <summary>The diagnostics of all sources in the order in which they were made.</summary>
    public required IReadOnlyList<StoredDiagnostic> Diagnostics { get; init; }

    /// <summary>The facts without their source ids.</summary>
    public IEnumerable<Fact> All => Facts.Select(stored => stored.Fact);

    internal static StoredFacts Read(Connection connection, string? caseName, bool withLogs = true)
    {
        var sources = ReadSources(connection, caseName);
        var paths = sources.ToDictionary(s => s.Id, s => s.Summary.Path);
        var reader = new FactReader(connection, paths);
        var (others, diagnostics) = reader.ReadAllButLogs();
        var facts = withLogs ? reader.WithLogs(others) : others.Select(f => new StoredFact(f.Source, f.Fact));
        return new StoredFacts
        {
            Sources = sources,
            Facts = caseName is null ? facts : facts.Where(f => paths.ContainsKey(f.SourceId)),
            Diagnostics = caseName is null
                ? diagnostics
                : [.. diagnostics.Where(d => d.SourceId is not { } source || paths.ContainsKey(source))],
        };
    }

    internal static List<SourceRow> ReadSources(Connection connection, string? caseName)
    {
        const string Rest = ", format, sha256, bytes, records, events, skipped, lost, clock, first_event_id, last_event_id, year, year_from, recorded_with, by_time, host FROM source s ";
        var sources = new List<SourceRow>();
        using var rows = connection.Prepare(caseName is null
            ? "SELECT s.id, path" + Rest + "ORDER BY s.id"
            : "SELECT s.id, c.path" + Rest + "JOIN source_case c ON c.source_id = s.id WHERE c.case_name = ? ORDER BY s.id");
        if (caseName is not null)
        {
            rows.Bind(1, caseName);
        }

        while (rows.Step())
        {
            var summary = new SourceSummary
            {
                Path = rows.Text(1), Format = rows.Text(2), Sha256 = rows.Text(3), Bytes = rows.Int64(4),
                Records = rows.Int64(5), Events = rows.Int64(6), Skipped = rows.Int64(7), Lost = rows.Int64(8),
                Clock = EnumText.Clock(rows.Text(9)), Year = rows.NullableInt32(12), YearFrom = YearOrigins.Parse(rows.NullableText(13)), ByTime = rows.Int64(15) != 0, Host = rows.Text(16),
            };
            sources.Add(new SourceRow(rows.Int64(0), summary, rows.NullableInt64(10), rows.NullableInt64(11), rows.NullableInt64(14)));
        }

        return sources;
    }
}
