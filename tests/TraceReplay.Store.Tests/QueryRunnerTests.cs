using TraceReplay.Core;

namespace TraceReplay.Store.Tests;

public sealed class QueryRunnerTests : IDisposable
{
    private readonly TemporaryFile _file = new();
    private readonly QueryRunner _runner;

    public QueryRunnerTests()
    {
        using (var database = Samples.Create(_file))
        {
            Samples.Store(database, "a");
        }

        _runner = QueryRunner.Open(_file.Path);
    }

    public void Dispose()
    {
        _runner.Dispose();
        _file.Dispose();
    }

    [Theory]
    [InlineData("DELETE FROM source")]
    [InlineData("INSERT INTO device(name) VALUES('x')")]
    [InlineData("UPDATE source SET path = ''")]
    [InlineData("WITH x AS (SELECT 1) DELETE FROM source")]
    [InlineData("REPLACE INTO device(id, name) VALUES(1, 'x')")]
    [InlineData("DROP TABLE event_row")]
    [InlineData("CREATE TABLE x(a)")]
    [InlineData("CREATE TEMP TABLE x(a)")]
    [InlineData("CREATE TEMP VIEW x AS SELECT 1")]
    [InlineData("CREATE VIRTUAL TABLE temp.x USING fts5(a)")]
    [InlineData("ALTER TABLE device ADD COLUMN x")]
    [InlineData("ATTACH '/tmp/elsewhere.db' AS x")]
    [InlineData("DETACH main")]
    [InlineData("VACUUM")]
    [InlineData("VACUUM INTO '/tmp/elsewhere.db'")]
    [InlineData("REINDEX")]
    [InlineData("ANALYZE")]
    [InlineData("BEGIN")]
    [InlineData("BEGIN EXCLUSIVE")]
    [InlineData("COMMIT")]
    [InlineData("SAVEPOINT x")]
    [InlineData("PRAGMA query_only=OFF")]
    [InlineData("PRAGMA query_only(0)")]
    [InlineData("PRAGMA journal_mode=WAL")]
    [InlineData("PRAGMA writable_schema=ON")]
    [InlineData("PRAGMA trusted_schema=ON")]
    [InlineData("PRAGMA user_version=7")]
    [InlineData("PRAGMA temp_store_directory='/tmp'")]
    [InlineData("SELECT load_extension('x.so')")]
    [InlineData("SELECT writefile('/tmp/x', 'y')")]
    [InlineData("SELECT readfile('/etc/passwd')")]
    public void OnlyReadingIsAllowed(string sql)
    {
        var before = File.ReadAllBytes(_file.Path);
        var failure = Assert.Throws<StoreException>(() =>
        {
            using var result = _runner.Run(sql);
            _ = result.Rows.ToList();
        });
        Assert.Equal(StoreError.Query, failure.Error);
        Assert.Equal(before, File.ReadAllBytes(_file.Path));
    }

    [Theory]
    [InlineData("SELECT 1")]
    [InlineData("VALUES(1)")]
    [InlineData("  -- comment\n SELECT 1; -- end\n ;")]
    [InlineData("EXPLAIN QUERY PLAN SELECT * FROM event")]
    [InlineData("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n")]
    [InlineData("SELECT name FROM pragma_table_info('event')")]
    [InlineData("PRAGMA table_info(event)")]
    [InlineData("SELECT json_extract('{\"a\":1}', '$.a'), group_concat(kind) FROM event")]
    [InlineData("SELECT name FROM sqlite_schema")]
    public void ReadingIsAllowed(string sql)
    {
        using var result = _runner.Run(sql);
        Assert.NotEmpty(result.Rows);
    }

    [Theory]
    [InlineData("SELECT * FROM evnt", 14, "event")]
    [InlineData("SELECT kinds FROM event", 7, "kind")]
    [InlineData("SELECT e.byte FROM event e", 7, "bytes")]
    [InlineData("SELECT * FROM qqqqqqqqqq", 14, "tracereplay schema")]
    [InlineData("SELEC 1", 0, "")]
    [InlineData("SELECT 1; SELECT 2", 9, "")]
    [InlineData("", -1, "")]
    [InlineData(" ; -- nothing", -1, "")]
    [InlineData("SELECT 'open", 7, "")]
    public void ErrorsHaveAPositionAndAHint(string sql, int position, string hint)
    {
        var failure = Assert.Throws<StoreException>(() => _runner.Run(sql).Dispose());
        Assert.Equal(StoreError.Query, failure.Error);
        Assert.Equal(position, failure.Position);
        Assert.Contains(hint, failure.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEndlessStatementIsStopped()
    {
        const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        using var result = _runner.Run(Endless, limits: new QueryLimits { Timeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal(StoreError.Timeout, Assert.Throws<StoreException>(() => result.Rows.ToList()).Error);
        result.Dispose();

        using var source = new CancellationTokenSource(100);
        using var second = _runner.Run(Endless, cancellation: source.Token);
        Assert.Equal(StoreError.Timeout, Assert.Throws<StoreException>(() => second.Rows.ToList()).Error);
        second.Dispose();

        using var after = _runner.Run("SELECT 1");
        Assert.Single(after.Rows);
    }

    [Fact]
    public void AHugeValueIsRefused()
    {
        using var result = _runner.Run("SELECT length(zeroblob(2000000000) || 'x')");
        Assert.Equal(StoreError.Query, Assert.Throws<StoreException>(() => result.Rows.ToList()).Error);
    }

    [Fact]
    public void RowsAreCapped()
    {
        using var result = _runner.Run("SELECT id FROM event", limits: new QueryLimits { MaxRows = 3 });
        Assert.Equal([1L, 2L, 3L], result.Rows.Select(r => r[0]));
        Assert.True(result.IsCut);
        using var exact = _runner.Run("SELECT id FROM event LIMIT 3", limits: new QueryLimits { MaxRows = 3 });
        Assert.Equal(3, exact.Rows.Count());
        Assert.False(exact.IsCut);
    }

    [Fact]
    public void ValuesKeepTheirTypes()
    {
        using var result = _runner.Run("SELECT 1, 1.5, 'a' || char(0) || 'b', x'00ff', NULL, x''");
        Assert.Equal([1L, 1.5, "a\0b", new byte[] { 0, 255 }, null, Array.Empty<byte>()], result.Rows.Single());
    }

    [Fact]
    public void ParametersAreBoundByName()
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["a"] = QueryRunner.ReadValue("12"), ["b"] = QueryRunner.ReadValue("-1.5"), ["c"] = QueryRunner.ReadValue("x'; DROP TABLE"),
        };
        using var result = _runner.Run("SELECT :a, @b, $c, :missing", values);
        Assert.Equal([12L, -1.5, "x'; DROP TABLE", null], result.Rows.Single());
        var failure = Assert.Throws<StoreException>(() => _runner.Run("SELECT :a", values));
        Assert.Contains(":b", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HostileNamesComeBackAsTheyAre()
    {
        using var result = _runner.Run("SELECT DISTINCT text FROM name WHERE text LIKE '%[31m%' OR text LIKE 'nul%' OR text LIKE '%A' ORDER BY 1");
        Assert.Equal(["\u001b[31mred", "nul\ufffdinside", "\ufffd\ufffdA"], result.Rows.Select(r => r[0]));
    }
}
