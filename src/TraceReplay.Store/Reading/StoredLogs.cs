using TraceReplay.Core;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Reads the recognised lines of stored logs.</summary>
internal static class StoredLogs
{
    public static IEnumerable<(SourceSummary Source, IEnumerable<LogRecordFact> Records)> Read(Connection connection, string caseName) =>
        Sources(connection, caseName).Select(s => (s.Summary, Records(connection, s.Id, s.Summary.Path)));

    private static List<(long Id, SourceSummary Summary)> Sources(Connection connection, string caseName)
    {
        var sources = new List<(long, SourceSummary)>();
        using var rows = connection.Prepare(
            "SELECT s.id, c.path, s.format, s.sha256, s.clock, s.host FROM source s JOIN source_case c ON c.source_id = s.id WHERE c.case_name = ? ORDER BY s.id");
        rows.Bind(1, caseName);
        while (rows.Step())
        {
            sources.Add((rows.Int64(0), new SourceSummary
            {
                Path = rows.Text(1), Format = rows.Text(2), Sha256 = rows.Text(3), Clock = EnumText.Clock(rows.Text(4)), Host = rows.Text(5),
            }));
        }

        return sources;
    }

    private static IEnumerable<LogRecordFact> Records(Connection connection, long source, string path)
    {
        using var rows = connection.Prepare("SELECT time_ns, text, line FROM log_record WHERE source_id = ? AND time_ns IS NOT NULL ORDER BY id");
        rows.Bind(1, source);
        while (rows.Step())
        {
            yield return new LogRecordFact(rows.Int64(0), -1, rows.Text(1), new SourceRef(path, rows.Int64(2)));
        }
    }
}
