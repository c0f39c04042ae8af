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
}
