using SQLitePCL;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>The answer to a statement. Rows are read while they are enumerated, once.</summary>
public sealed class QueryResult : IDisposable
{
    private readonly Statement _statement;
    private readonly long _maxRows;
    private readonly Func<Statement, bool> _step;

    internal QueryResult(Statement statement, long maxRows, Func<Statement, bool> step)
    {
        _statement = statement;
        _maxRows = maxRows;
        _step = step;
        Columns = [.. Enumerable.Range(0, raw.sqlite3_column_count(statement.Handle))
            .Select(i => raw.sqlite3_column_name(statement.Handle, i).utf8_to_string())];
    }

    /// <summary>Column names as the statement gives them; not necessarily distinct.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>There were more rows than the limit; valid after the enumeration.</summary>
    public bool IsCut { get; private set; }

    /// <summary>The rows: null, long, double, string or byte[] for each column. Text is as stored: escape it
    /// where it is shown.</summary>
    public IEnumerable<object?[]> Rows
    {
        get
        {
            for (long row = 0; _step(_statement); row++)
            {
                if (row == _maxRows)
                {
                    IsCut = true;
                    yield break;
                }

                var values = new object?[Columns.Count];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = Value(i);
                }

                yield return values;
            }
        }
    }

    /// <summary>Ends the statement.</summary>
    public void Dispose() => _statement.Dispose();

    private object? Value(int column) => _statement.Type(column) switch
    {
        raw.SQLITE_INTEGER => _statement.Int64(column),
        raw.SQLITE_FLOAT => _statement.Double(column),
        raw.SQLITE_TEXT => _statement.Text(column),
        raw.SQLITE_BLOB => _statement.Bytes(column).ToArray(),
        _ => null,
    };
}
