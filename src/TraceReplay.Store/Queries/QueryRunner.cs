using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using SQLitePCL;
using TraceReplay.Store.Sqlite;

namespace TraceReplay.Store;

/// <summary>Limits of a statement of the user.</summary>
public sealed record QueryLimits
{
    /// <summary>Rows given at most; <see cref="QueryResult.IsCut"/> tells whether there were more.</summary>
    public long MaxRows { get; init; } = long.MaxValue;

    /// <summary>Time the statement may run, counted only while it runs.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
}

/// <summary>Runs statements that only read, on a database that may be hostile: opened read-only, with an authorizer that
/// refuses everything but reading, an untrusted schema, and limits on time and size. One statement at a time.</summary>
public sealed partial class QueryRunner : IDisposable
{
    private const int MaxSqlBytes = 1_000_000;
    private const int MaxValueBytes = 64_000_000;

    // A pattern of many stars takes time beyond all measure, and the timeout is not checked inside a match.
    private const int MaxPatternBytes = 256;
    private const int StepsBetweenChecks = 20_000;
    private readonly TraceDatabase _database;
    private readonly Connection _connection;
    private readonly Stopwatch _running = new();
    private TimeSpan _timeout = TimeSpan.MaxValue;
    private CancellationToken _cancellation;

    private QueryRunner(TraceDatabase database)
    {
        _database = database;
        _connection = database.Connection;
    }

    /// <summary>Opens a database for queries.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The runner; dispose it.</returns>
    /// <exception cref="StoreException">As <see cref="TraceDatabase.Open"/>.</exception>
    public static QueryRunner Open(string path)
    {
        var runner = new QueryRunner(TraceDatabase.Open(path));
        runner.Restrict();
        return runner;
    }

    /// <summary>Compiles a statement; rows come while <see cref="QueryResult.Rows"/> is enumerated.</summary>
    /// <param name="sql">One statement that reads.</param>
    /// <param name="parameters">Values by name without the colon: integers, reals or text; those not given are NULL.</param>
    /// <param name="limits">Limits, null = the usual.</param>
    /// <param name="cancellation">Stops the statement.</param>
    /// <returns>Columns and rows; dispose it before the next statement.</returns>
    /// <exception cref="StoreException">The statement is wrong or not allowed (with position and hint).</exception>
    public QueryResult Run(
        string sql, IReadOnlyDictionary<string, object?>? parameters = null, QueryLimits? limits = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sql);
        limits ??= new QueryLimits();
        _timeout = limits.Timeout;
        _cancellation = cancellation;
        _running.Reset();
        var statement = Compile(sql);
        try
        {
            BindAll(statement, parameters);
            return new QueryResult(statement, limits.MaxRows, StepTimed);
        }
        catch
        {
            statement.Dispose();
            throw;
        }
    }

    /// <summary>Reads a value as typed on a command line: integer, real, else text.</summary>
    /// <param name="text">The word.</param>
    /// <returns>A long, a double or the text.</returns>
    public static object ReadValue(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return integer;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real) ? real : text;
    }

    /// <summary>Closes the database.</summary>
    public void Dispose() => _database.Dispose();

    [GeneratedRegex(@"^no such (?<what>table|column): (?<name>.+)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex NoSuch();

    private void Restrict()
    {
        _connection.Execute("PRAGMA query_only=ON; PRAGMA temp_store=DEFAULT;");
        var handle = _connection.Handle;
        _ = raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_LENGTH, MaxValueBytes);
        _ = raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_SQL_LENGTH, MaxSqlBytes);
        _ = raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_ATTACHED, 0);
        _ = raw.sqlite3_limit(handle, raw.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, MaxPatternBytes);
        raw.sqlite3_progress_handler(handle, StepsBetweenChecks, _ => MustStop() ? 1 : 0, this);
        _ = raw.sqlite3_set_authorizer(handle, Authorizer.Decide, this);
    }

    private bool MustStop() => _cancellation.IsCancellationRequested || _running.Elapsed > _timeout;

    private bool StepTimed(Statement statement)
    {
        _running.Start();
        try
        {
            return statement.Step();
        }
        catch (StoreException failure) when (failure.Error == StoreError.Timeout && !_cancellation.IsCancellationRequested)
        {
            throw new StoreException(
                StoreError.Timeout,
                string.Create(
                    CultureInfo.InvariantCulture, $"the statement ran longer than {_timeout.TotalSeconds} s and was stopped"),
                "narrow it with WHERE or LIMIT, or allow it more time");
        }
        finally
        {
            _running.Stop();
        }
    }

    private Statement Compile(string sql)
    {
        _running.Start();
        var result = raw.sqlite3_prepare_v2(_connection.Handle, sql, out var handle, out var tail);
        _running.Stop();
        if (result != raw.SQLITE_OK)
        {
            throw Explain(result, sql);
        }

        // A handle of nothing but blanks and comments is invalid.
        if (handle.IsInvalid)
        {
            throw new StoreException(StoreError.Query, "there is no statement to run");
        }

        if (HasStatement(tail))
        {
            handle.Dispose();
            throw new StoreException(StoreError.Query, "only one statement can be run at a time")
            {
                Position = Encoding.UTF8.GetByteCount(sql.AsSpan(0, sql.Length - tail.Length)),
            };
        }

        return new Statement(_connection, handle);
    }

    private bool HasStatement(string? tail)
    {
        if (string.IsNullOrWhiteSpace(tail))
        {
            return false;
        }

        var result = raw.sqlite3_prepare_v2(_connection.Handle, tail, out var next);
        using (next)
        {
            return result != raw.SQLITE_OK || !next.IsInvalid;
        }
    }

    private StoreException Explain(int result, string sql)
    {
        var said = raw.sqlite3_errmsg(_connection.Handle).utf8_to_string();
        var position = NativeMethods.ErrorOffset(_connection.Handle.DangerousGetHandle());
        return (result & 0xff) switch
        {
            raw.SQLITE_AUTH => new StoreException(
                StoreError.Query, $"only reading is allowed here ({said})",
                "copy the database and use another SQLite client to change it"),
            raw.SQLITE_ERROR => new StoreException(StoreError.Query, said, Hint(said))
            {
                Position = position >= 0 ? position : FindName(said, sql),
            },
            _ => _connection.Failure(result),
        };
    }

    /// <summary>SQLite gives no position for a table that does not exist: look for its name.</summary>
    private static int FindName(string said, string sql)
    {
        var match = NoSuch().Match(said);
        var at = match.Success ? sql.IndexOf(match.Groups["name"].Value, StringComparison.OrdinalIgnoreCase) : -1;
        return at < 0 ? -1 : Encoding.UTF8.GetByteCount(sql.AsSpan(0, at));
    }

    private string Hint(string said)
    {
        var match = NoSuch().Match(said);
        if (!match.Success)
        {
            return string.Empty;
        }

        var name = match.Groups["name"].Value.Split('.')[^1];
        var ofColumns = string.Equals(match.Groups["what"].Value, "column", StringComparison.Ordinal);
        return Nearest.To(name, ofColumns ? ColumnNames() : TableNames()) is { } near
            ? $"did you mean {near}?"
            : "list tables and columns with: tracereplay schema";
    }

    private List<string> TableNames() => ReadNames("SELECT name FROM sqlite_schema WHERE type IN ('table', 'view')");

    private List<string> ColumnNames() => ReadNames(
        "SELECT DISTINCT c.name FROM sqlite_schema s JOIN pragma_table_info(s.name) c WHERE s.type IN ('table', 'view')");

    private List<string> ReadNames(string sql)
    {
        var names = new List<string>();
        try
        {
            using var rows = _connection.Prepare(sql);
            while (rows.Step())
            {
                names.Add(rows.Text(0));
            }
        }
        catch (StoreException)
        {
            // A hint must not hide the error it belongs to.
        }

        return names;
    }

    private static void BindAll(Statement statement, IReadOnlyDictionary<string, object?>? parameters)
    {
        var unknown = parameters?.Keys.ToHashSet(StringComparer.Ordinal) ?? [];
        var count = raw.sqlite3_bind_parameter_count(statement.Handle);
        for (var i = 1; i <= count; i++)
        {
            var name = raw.sqlite3_bind_parameter_name(statement.Handle, i).utf8_to_string()?.TrimStart(':', '@', '$');
            if (name is null || parameters is null || !parameters.TryGetValue(name, out var value))
            {
                continue;
            }

            unknown.Remove(name);
            _ = value switch
            {
                null => statement.BindNull(i),
                long or int => statement.Bind(i, Convert.ToInt64(value, CultureInfo.InvariantCulture)),
                double real => statement.Bind(i, (double?)real),
                _ => statement.Bind(i, Convert.ToString(value, CultureInfo.InvariantCulture)),
            };
        }

        if (unknown.Count > 0)
        {
            throw new StoreException(
                StoreError.Query, $"the statement has no parameter :{Core.Terminal.Escape(unknown.First())}");
        }
    }
}
