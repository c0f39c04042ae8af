using System.Globalization;
using System.Text;
using TraceReplay.Store;
using TraceReplay.TestSupport;

namespace TraceReplay.Analysis.Tests;

/// <summary>One boot in several logs: its failures are counted once, in the report and in the database, and that is said.</summary>
public sealed class RepetitionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay").FullName;

    public static TheoryData<string> Renderings => ["syslog", "iso", "dmesg -x"];

    private static string Dmesg => Places.InCheckout("sample-logs", "06-greedy-vs-innocent", "input", "dmesg.txt");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Renderings))]
    public void Two_renderings_of_one_boot_count_once(string rendering)
    {
        var once = Analyze("once.db", Dmesg).Incidents.Sum(i => i.Failures);
        File.WriteAllText(At("other.log"), Render(File.ReadAllLines(Dmesg), rendering));

        var twice = Analyze("twice.db", Dmesg, At("other.log"));

        Assert.Equal(once, twice.Incidents.Sum(i => i.Failures));
        Assert.Contains(twice.Warnings, w => w.Code == "TR0311" && w.Source.Path == At("other.log"));
        Assert.Equal(Count("once.db", "failure"), Count("twice.db", "failure"));
        Assert.Equal(1, Count("twice.db", "source_repetition WHERE kind = 'log' AND of_source_id = 1 AND lines > 30"));
        var stored = StoredJob.Run(At("twice.db"), new AnalysisOptions { Inputs = [] });
        Assert.Equal(once, stored.Incidents.Sum(i => i.Failures));
    }

    [Fact]
    public void A_log_ingested_later_is_compared_with_those_stored()
    {
        File.WriteAllText(At("other.log"), Render(File.ReadAllLines(Dmesg), "syslog"));
        IngestJob.Run([Dmesg], new(), At("a.db"), null, CancellationToken.None);
        var before = Count("a.db", "failure");
        IngestJob.Run([At("other.log")], new(), At("a.db"), null, CancellationToken.None);

        Assert.Equal(before, Count("a.db", "failure"));
        Assert.True(before > 10);
    }

    [Fact]
    public void A_rotated_log_that_goes_on_is_counted_in_full_and_one_that_overlaps_once()
    {
        string[] lines = [.. Enumerable.Range(0, 40).Select(i => string.Create(CultureInfo.InvariantCulture,
            $"Nov 22 06:{10 + (i / 2)}:{i % 2 * 30:D2} host kernel: e1000 0000:00:03.0: swiotlb buffer is full (sz: {i} bytes), total 2048 (slots), used 2048 (slots)"))];
        File.WriteAllLines(At("messages.1"), lines[..25]);
        File.WriteAllLines(At("messages"), lines[20..]);
        Assert.Equal(40, Analyze("overlap.db", At("messages"), At("messages.1")).Incidents.Sum(i => i.Failures));
        Assert.Equal(40, Count("overlap.db", "failure"));

        File.WriteAllLines(At("messages"), lines[25..]);
        var report = Analyze("goes-on.db", At("messages"), At("messages.1"));
        Assert.Equal(40, report.Incidents.Sum(i => i.Failures));
        Assert.DoesNotContain(report.Warnings, w => w.Code == "TR0311");
    }

    [Theory]
    [InlineData("db1", "db2", 12)]
    [InlineData("db1", "db1", 6)]
    [InlineData("db1", "DB1.example.com", 6)]
    [InlineData("10.0.0.1", "10.0.0.2", 12)]
    public void What_two_machines_say_in_the_same_second_counts_twice(string one, string other, int failures)
    {
        string[] lines = [.. Enumerable.Range(0, 6).Select(i => $"kernel: e1000 0000:00:03.0: swiotlb buffer is full (sz: {i} bytes), total 2048 (slots), used 2048 (slots)")];
        File.WriteAllLines(At("a.log"), lines.Select((line, i) => $"2026-11-22T06:13:{i * 7:D2}+00:00 {one} {line}"));
        File.WriteAllLines(At("b.log"), lines.Select((line, i) => $"2026-11-22T06:13:{i * 7:D2}+00:00 {other} {line}"));

        Assert.Equal(failures, Analyze("hosts.db", At("a.log"), At("b.log")).Incidents.Sum(i => i.Failures));
        Assert.Equal(failures, Count("hosts.db", "failure"));
        Assert.Equal(failures, StoredJob.Run(At("hosts.db"), new AnalysisOptions { Inputs = [] }).Incidents.Sum(i => i.Failures));
    }

    /// <summary>The same log as another program would have written it; the daemon reads the first lines some seconds after the boot.</summary>
    private static string Render(string[] lines, string rendering)
    {
        var boot = new DateTime(2026, 11, 22, 6, 13, 0, DateTimeKind.Utc);
        const double DaemonStarts = 12;
        var text = new StringBuilder();
        foreach (var line in lines.Where(l => l.StartsWith('[')))
        {
            var close = line.IndexOf(']', StringComparison.Ordinal);
            var seconds = double.Parse(line[1..close], CultureInfo.InvariantCulture);
            var wall = boot.AddSeconds(Math.Max(seconds, DaemonStarts));
            text.Append(rendering switch
            {
                "syslog" => wall.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture) + " host kernel: ",
                "iso" => wall.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00:00 host kernel: ",
                _ => "kern  :info  : " + line[..(close + 2)],
            }).Append(line.AsSpan(close + 2)).Append('\n');
        }

        return text.ToString();
    }

    private Diagnosis.AnalysisReport Analyze(string database, params string[] inputs) =>
        AnalysisJob.Run(new AnalysisOptions { Inputs = inputs, Database = At(database) }, CancellationToken.None);

    private long Count(string database, string what)
    {
        using var runner = QueryRunner.Open(At(database));
        using var result = runner.Run("SELECT count(*) FROM " + what);
        return (long)result.Rows.Single()[0]!;
    }

    private string At(string name) => Path.Combine(_folder, name);
}
