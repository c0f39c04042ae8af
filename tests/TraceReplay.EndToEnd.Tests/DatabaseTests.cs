using System.Text.Json;
namespace TraceReplay.EndToEnd.Tests;

/// <summary>The commands that work on a database.</summary>
public sealed class DatabaseTests
{
    [Fact]
    public void TheSameBytesAreNeverStoredTwice()
    {
        using var folder = new TempFolder();
        var database = folder.File("case.db");
        var first = Tool.Run("ingest", Captures.Sample("06-greedy-vs-innocent"), "--db", database).MustEndWith(0);
        Assert.Contains("stored in", first.Output, StringComparison.Ordinal);
        var size = new FileInfo(database).Length;
        var second = Tool.Run("ingest", Captures.Sample("06-greedy-vs-innocent"), "--db", database).MustEndWith(0);
        Assert.StartsWith("0 sources stored", second.Output, StringComparison.Ordinal);
        Assert.Equal(size, new FileInfo(database).Length);
    }

    [Fact]
    public void AnalyzeKeepsWhatItRead()
    {
        using var folder = new TempFolder();
        var database = folder.File("case.db");
        var with = Tool.Run("analyze", Captures.Sample("06-greedy-vs-innocent"), "--db", database, "--format", "json").MustEndWith(0);
        Assert.True(new FileInfo(database).Length > 100_000);
        var without = Tool.Run("analyze", Captures.Sample("06-greedy-vs-innocent"), "--format", "json").MustEndWith(0);
        Assert.Equal(without.Output, with.Output);
    }

    [Fact]
    public void WhatIsNoDatabaseIsToldAndLeftAlone()
    {
        using var folder = new TempFolder();
        var path = folder.Write("letter.txt", new string('x', 5000));
        var run = Tool.Run("ingest", Captures.Sample("05-leak"), "--db", path).MustEndWith(1);
        Assert.Contains("error TR", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal(new string('x', 5000), File.ReadAllText(path));
    }

    [Fact]
    public void QueriesAnswerInEveryFormat()
    {
        using var folder = new TempFolder();
        var database = Ingested(folder);
        const string sql = "SELECT kind, count(*) AS n FROM event WHERE kind = 'pool-map' GROUP BY kind";
        Assert.Equal("kind,n\npool-map,11942\n", Tool.Run("query", "--db", database, sql, "--format", "csv").MustEndWith(0).Output);
        Assert.Equal("{\"kind\":\"pool-map\",\"n\":11942}\n", Tool.Run("query", "--db", database, sql, "--format", "jsonl").MustEndWith(0).Output);
        Assert.Equal(11942, Tool.Run("query", "--db", database, sql, "--format", "json").MustEndWith(0).Json[0].GetProperty("n").GetInt64());
        Assert.Equal("| kind | n |\n| --- | --- |\n| pool-map | 11942 |\n", Tool.Run("query", "--db", database, sql, "--format", "markdown").MustEndWith(0).Output);
        Assert.Equal("kind          n\n────────  ─────\npool-map  11942\n", Tool.Run("query", "--db", database, sql).MustEndWith(0).Output);
    }

    [Fact]
    public void SavedQueriesTakeParametersByNameAndOrder()
    {
        using var folder = new TempFolder();
        var database = Ingested(folder);
        var byName = Tool.Run("query", "--db", database, "@top-sizes", "device=0000:00:03.0").MustEndWith(0).Output;
        Assert.Equal(byName, Tool.Run("query", "--db", database, "@top-sizes", "0000:00:03.0").MustEndWith(0).Output);
        Assert.NotEqual(byName, Tool.Run("query", "--db", database, "@top-sizes").MustEndWith(0).Output, StringComparer.Ordinal);
        Assert.Contains("@top-sizes", Tool.Run("query", "--list").MustEndWith(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void CsvCellsCannotBecomeFormulas()
    {
        using var folder = new TempFolder();
        var run = Tool.Run("query", "--db", Ingested(folder), "SELECT '=1+1' AS a, '@x' AS b, -5 AS c, 'x,\"y' AS d", "--format", "csv");
        Assert.Equal("a,b,c,d\n\"'=1+1\",\"'@x\",-5,\"x,\"\"y\"\n", run.MustEndWith(0).Output);
    }

    [Theory]
    [InlineData("SELECT knd FROM event", "did you mean kind?")]
    [InlineData("DELETE FROM source", "cannot modify|only reading")]
    [InlineData("ATTACH 'x.db' AS x", "only reading|not authorized|too many attached")]
    [InlineData("@kindes", "did you mean @kinds?")]
    public void StatementsThatCannotBeRunAreExplained(string statement, string says)
    {
        using var folder = new TempFolder();
        var run = Tool.Run("query", "--db", Ingested(folder), statement);
        run.MustEndWith(2);
        Assert.Contains(says.Split('|'), phrase => run.Error.Contains(phrase, StringComparison.Ordinal));
    }

    [Fact]
    public void SchemaIsShownAsSqlAndAsColumns()
    {
        Assert.Contains("CREATE TABLE source", Tool.Run("schema").MustEndWith(0).Output, StringComparison.Ordinal);
        Assert.Contains(Tool.Run("schema", "--format", "json").MustEndWith(0).Json.EnumerateArray(), row =>
            row.GetProperty("table").GetString() == "failure" && row.GetProperty("column").GetString() == "largest_free_run");
    }

    [Fact]
    public void DiagnosisOfADatabaseIsThatOfTheInputs()
    {
        using var folder = new TempFolder();
        var database = Ingested(folder);
        var direct = Tool.Run("analyze", Captures.Sample("06-greedy-vs-innocent"), "--format", "json").MustEndWith(0);
        var stored = Tool.Run("diagnose", "--db", database, "--format", "json", "--fail-on", "capacity").MustEndWith(3);
        Assert.Equal(direct.Json.GetProperty("incidents").GetRawText(), stored.Json.GetProperty("incidents").GetRawText());
        var holders = Tool.Run("query", "--db", database, "@holders", "--format", "json").MustEndWith(0).Json;
        Assert.Equal("0000:00:05.0", holders[0].GetProperty("device").GetString());
        Tool.Run("report", "--db", database, "--output", folder.File("report.html")).MustEndWith(0);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(folder.File("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void ReplayListsRunsWithTheirFailures()
    {
        using var folder = new TempFolder();
        var runs = Tool.Run("replay", "--db", Ingested(folder), "--what-if", "without device=0000:00:05.0", "--format", "json").MustEndWith(0);
        Assert.Contains("206", runs.Output, StringComparison.Ordinal);
        Assert.Contains("without device=0000:00:05.0", runs.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void RunOfAChangedPoolHasThatPoolsCapacity()
    {
        using var folder = new TempFolder();
        var runs = Tool.Run("replay", "--db", Ingested(folder), "--what-if", "pool.size=16MiB", "--format", "json").MustEndWith(0);
        var rows = JsonDocument.Parse(runs.Output).RootElement.EnumerateArray().ToList();
        Assert.Equal(2, rows.Count);
        Assert.Equal([2048L, 8192L], rows.Select(r => r.GetProperty("units").GetInt64()));
        Assert.All(rows, r => Assert.Equal(
            Math.Round(100.0 * r.GetProperty("peak_used_units").GetInt64() / r.GetProperty("units").GetInt64(), 1),
            r.GetProperty("peak_percent").GetDouble()));
    }

    private static string Ingested(TempFolder folder)
    {
        var database = folder.File("case.db");
        Tool.Run("ingest", Captures.Sample("06-greedy-vs-innocent"), "--db", database).MustEndWith(0);
        return database;
    }
}
