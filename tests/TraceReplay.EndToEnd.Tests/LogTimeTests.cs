namespace TraceReplay.EndToEnd.Tests;

/// <summary>Times of logs as a user sees them: in the terminal, in JSON, HTML and the database.</summary>
public sealed class LogTimeTests
{
    private const string Lines =
        "Dec 31 23:59:58 db1 kernel: ahci 0000:05:00.0: swiotlb buffer is full (sz: 4096 bytes), total 32768 (slots), used 32011 (slots)\n" +
        "Jan  1 00:00:03 db1 kernel: ahci 0000:05:00.0: swiotlb buffer is full (sz: 4096 bytes), total 32768 (slots), used 32011 (slots)\n";

    private const string Times = "SELECT time FROM v_failure ORDER BY id";

    [Fact]
    public void AYearThatNothingTellsIsNowhereMadeUp()
    {
        using var folder = new TempFolder();
        var log = folder.Write("messages", Lines);
        File.SetLastWriteTimeUtc(log, new DateTime(2019, 6, 15, 0, 0, 0, DateTimeKind.Utc));

        var text = Tool.Run("analyze", log).MustEndWith(0).Output;
        Assert.Contains("first failure  Dec 31 23:59:58 (year not known): ", text, StringComparison.Ordinal);
        Assert.Contains("last failure   Jan 1 00:00:03 (year not known)\n", text, StringComparison.Ordinal);
        Assert.Contains("TR0155", text, StringComparison.Ordinal);
        var json = Tool.Run("analyze", log, "--format", "json").MustEndWith(0);
        var source = json.Json.GetProperty("sources")[0];
        Assert.Equal(("wall-no-year", System.Text.Json.JsonValueKind.Null), (source.GetProperty("clock").GetString(), source.GetProperty("year").ValueKind));
        var first = json.Json.GetProperty("incidents")[0].GetProperty("first_failure");
        Assert.Equal("Dec 31 23:59:58 (year not known)", first.GetProperty("time_text").GetString());
        Tool.Run("analyze", log, "--db", folder.File("x.db")).MustEndWith(0);
        Assert.Equal("time\n\"12-31 23:59:58, year not known\"\n\"01-01 00:00:03, year not known\"\n", Query(folder, Times));
        Assert.Equal("clock,year,year_from\nwall-no-year,,\n", Query(folder, "SELECT clock, year, year_from FROM source"));
        Tool.Run("report", "--db", folder.File("x.db"), "--output", folder.File("x.html")).MustEndWith(0);
        foreach (var shown in new[] { text, json.Output, File.ReadAllText(folder.File("x.html")), Query(folder, "@failures"), Query(folder, "@log") })
        {
            Assert.Contains("23:59:58", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("1972", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("94694398", shown, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void AYearThatWasTakenIsShownWithItsReason()
    {
        using var folder = new TempFolder();
        var log = folder.Write("messages-20070103", Lines);

        var text = Tool.Run("analyze", log).MustEndWith(0).Output;
        Assert.Contains("first failure  2006-12-31 23:59:58 local time: ", text, StringComparison.Ordinal);
        Assert.Contains("2006 to 2007 is taken", text, StringComparison.Ordinal);
        var source = Tool.Run("analyze", log, "--format", "json").MustEndWith(0).Json.GetProperty("sources")[0];
        Assert.Equal(("wall-local", 2006, "file-name"), (source.GetProperty("clock").GetString(), source.GetProperty("year").GetInt32(), source.GetProperty("year_from").GetString()));
        Tool.Run("ingest", log, "--db", folder.File("x.db")).MustEndWith(0);
        Assert.Equal("time\n2006-12-31 23:59:58\n2007-01-01 00:00:03\n", Query(folder, Times));
        Assert.Equal("clock,year,year_from\nwall-local,2006,file-name\n", Query(folder, "SELECT clock, year, year_from FROM source"));

        Assert.Contains("first failure  2010-12-31", Tool.Run("analyze", log, "--year", "2011").MustEndWith(0).Output, StringComparison.Ordinal);
        Tool.Run("analyze", log, "--year", "11").MustEndWith(2);
    }

    [Fact]
    public void TheLastFailureIsToldOnItsOwnClock()
    {
        using var folder = new TempFolder();
        const string Full = "ahci 0000:05:00.0: swiotlb buffer is full (sz: 4096 bytes), total 32768 (slots), used 32011 (slots)\n";
        var text = Tool.Run("analyze", folder.Write("dmesg", "[   10.000000] " + Full), folder.Write("messages-20070103", "Jan  2 00:00:00 db1 kernel: " + Full)).MustEndWith(0).Output;

        Assert.Contains("first failure  10.000000 s: ", text, StringComparison.Ordinal);
        Assert.Contains("last failure   2007-01-02 00:00:00 local time\n", text, StringComparison.Ordinal);
    }

    private static string Query(TempFolder folder, string what) => Tool.Run("query", "--db", folder.File("x.db"), what, "--format", "csv").MustEndWith(0).Output.Replace("\r\n", "\n", StringComparison.Ordinal);
}
