using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Part of a source that an earlier source holds too.</summary>
/// <param name="Path">The earlier source.</param>
/// <param name="Kind"><c>log</c>: lines of a kernel log; <c>recording</c>: a trace in another rendering.</param>
/// <param name="Lines">The lines, of a log.</param>
/// <param name="OffsetNs">Clock of the later source minus that of the earlier one.</param>
public sealed record SourceRepetition(string Path, string Kind, IReadOnlySet<long> Lines, long OffsetNs);

/// <summary>Writes what repeats an earlier source, and takes its failures out of the count.</summary>
internal static class RepetitionRows
{
    public static void Write(Connection connection, long source, SourceRepetition repetition)
    {
        using (var insert = connection.Prepare(
            "INSERT INTO source_repetition(source_id, of_source_id, of_path, kind, lines, offset_ns) "
            + "VALUES(?1, (SELECT max(source_id) FROM source_case WHERE path = ?2), ?2, ?3, ?4, ?5)"))
        {
            insert.Bind(1, source).Bind(2, repetition.Path).Bind(3, repetition.Kind).Bind(4, repetition.Lines.Count).Bind(5, repetition.OffsetNs).Run();
        }

        if (repetition.Lines.Count == 0)
        {
            return;
        }

        connection.Execute("CREATE TEMP TABLE IF NOT EXISTS repeated_line(line INTEGER PRIMARY KEY); DELETE FROM temp.repeated_line;");
        using (var line = connection.Prepare("INSERT OR IGNORE INTO temp.repeated_line VALUES(?)"))
        {
            foreach (var number in repetition.Lines)
            {
                line.Bind(1, number).Run();
            }
        }

        using var delete = connection.Prepare(
            "DELETE FROM failure WHERE origin = 'log' AND source_id = ? AND line IN (SELECT line FROM temp.repeated_line)");
        delete.Bind(1, source).Run();
    }
}
