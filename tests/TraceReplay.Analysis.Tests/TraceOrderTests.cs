using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TraceReplay.Parsers;
using TraceReplay.Store;
using TraceReplay.TestSupport;

namespace TraceReplay.Analysis.Tests;

/// <summary>Events of one recording that do not stand in order of time: files of one CPU each, CPUs one behind the other, buffers mixed. The answers are
/// those that the merged trace gives.</summary>
public sealed partial class TraceOrderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay").FullName;
    private readonly string[] _head;
    private readonly string[] _events;

    public TraceOrderTests()
    {
        using var content = new StreamReader(ContentStream.Open(Path.Combine(Sample, "trace.txt.zst")));
        var lines = content.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _head = [.. lines.Where(l => l.StartsWith('#'))];
        _events = [.. lines.Where(l => !l.StartsWith('#'))];
        foreach (var file in Directory.GetFiles(Sample).Where(f => !f.EndsWith("trace.txt.zst", StringComparison.Ordinal)))
        {
            File.Copy(file, At(Path.GetFileName(file)));
        }
    }

    private static string Sample => Places.InCheckout("sample-logs", "06-greedy-vs-innocent", "input");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_of_one_CPU_each_answer_as_the_merged_trace()
    {
        var merged = Answer(AnalysisJob.Run(new AnalysisOptions { Inputs = [Sample] }, CancellationToken.None));
        foreach (var cpu in _events.GroupBy(Cpu))
        {
            Write($"per_cpu/cpu{cpu.Key}/trace", cpu);
        }

        Assert.Equal(2, Directory.GetDirectories(At("per_cpu")).Length);
        var report = Analyze(null);
        Assert.Equal(merged, Answer(report));
        Assert.Single(report.Warnings, w => w.Code == Notice.RunsBeside.Code);
        Assert.Equal(merged, Answer(Analyze(At("a.db"))));
        Assert.Equal(merged, Answer(StoredJob.Run(At("a.db"), new AnalysisOptions { Inputs = [] })));
        Assert.Equal(1L, Value("SELECT count(*) FROM source WHERE recorded_with = (SELECT id FROM source WHERE path LIKE '%/cpu0/trace')"));

        // Each operation is told with its own file and line.
        var first = report.Incidents[0].FirstFailure!.Source;
        Assert.EndsWith("cpu1/trace", first.Path, StringComparison.Ordinal);
        Assert.NotEqual(0L, Value($"SELECT count(*) FROM failure f JOIN source s ON s.id = f.source_id WHERE f.origin = 'replay' AND s.path LIKE '%cpu1/trace' AND f.line = {first.Line}"));
    }

    [Fact]
    public void The_merged_trace_of_the_same_folder_is_enough()
    {
        var merged = Answer(AnalysisJob.Run(new AnalysisOptions { Inputs = [Sample] }, CancellationToken.None));
        Write("trace", _events);
        foreach (var cpu in _events.GroupBy(Cpu))
        {
            Write($"per_cpu/cpu{cpu.Key}/trace", cpu);
        }

        var report = Analyze(null);
        Assert.Equal(merged, Answer(report));
        Assert.DoesNotContain(report.Sources, s => s.Path.Contains("per_cpu", StringComparison.Ordinal));

        // A trace that was read before it was copied has its head only.
        Write("trace", []);
        Assert.Equal(merged, Answer(Analyze(null)));
    }

    [Fact]
    public void CPUs_one_behind_the_other_in_one_file_answer_as_the_merged_trace()
    {
        var merged = Answer(AnalysisJob.Run(new AnalysisOptions { Inputs = [Sample] }, CancellationToken.None));
        Write("all.txt", _events.OrderByDescending(Cpu));

        var report = Analyze(null);
        Assert.Equal(merged, Answer(report));
        Assert.Contains(report.Warnings, w => w.Code == Notice.PutInOrder.Code);
        Assert.Equal(merged, Answer(Analyze(At("a.db"))));
    }

    [Fact]
    public void Events_that_are_slightly_out_of_order_are_put_into_it()
    {
        var merged = Answer(AnalysisJob.Run(new AnalysisOptions { Inputs = [Sample] }, CancellationToken.None));
        var mixed = (string[])_events.Clone();
        var random = new Random(20261127);
        for (var at = 0; at + 8 < mixed.Length; at += 8)
        {
            // Lines of one stamp have no other order than that in which they stand.
            var part = mixed[at..(at + 8)];
            if (part.Select(Time).Distinct(StringComparer.Ordinal).Count() == 8 && Seconds(part[7]) < Seconds(mixed[at + 8]) && Seconds(part[7]) - Seconds(part[0]) < 0.05m)
            {
                random.Shuffle(mixed.AsSpan(at, 8));
            }
        }

        Assert.NotEqual(_events, mixed);
        Write("mixed.txt", mixed);
        Assert.Equal(merged, Answer(Analyze(null)));
    }

    [Fact]
    public void Two_recordings_of_the_same_CPUs_are_not_mixed()
    {
        // The later part first, as two recordings with a clock that began anew would stand.
        Write("two.txt", [.. _events[30000..], .. _events[..30000]]);
        var report = Analyze(null);

        Assert.Contains(report.Warnings, w => w.Code == Notice.TimeGoesBack.Code);
        Assert.DoesNotContain(report.Warnings, w => w.Code == Notice.PutInOrder.Code);
    }

    [GeneratedRegex(@"\[(?<cpu>\d{3})\]", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex CpuColumn();

    [GeneratedRegex(@" (?<time>\d+\.\d{6}): ", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex TimeColumn();

    private static int Cpu(string line) => int.Parse(CpuColumn().Match(line).Groups["cpu"].Value, CultureInfo.InvariantCulture);

    private static decimal Seconds(string line) => decimal.Parse(Time(line), CultureInfo.InvariantCulture);

    private static string Time(string line) => TimeColumn().Match(line).Groups["time"].Value.PadLeft(20);

    /// <summary>All numbers and words of the answers, without the places.</summary>
    private static string Answer(Diagnosis.AnalysisReport report) => Place().Replace(
        JsonSerializer.Serialize(new { report.Incidents, report.Pools, report.Fidelity }), "place");

    [GeneratedRegex("\"Source\":\\{[^}]*\\}|[^\" ]*(trace|all|mixed|txt)[^\" ]*:\\d+", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Place();

    private Diagnosis.AnalysisReport Analyze(string? database)
    {
        var inputs = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".db", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
        return AnalysisJob.Run(new AnalysisOptions { Inputs = [.. inputs], Database = database }, CancellationToken.None);
    }

    private object? Value(string sql)
    {
        using var runner = QueryRunner.Open(At("a.db"));
        using var result = runner.Run(sql);
        return result.Rows.Single()[0];
    }

    private void Write(string name, IEnumerable<string> events)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        File.WriteAllLines(At(name), [.. _head, .. events]);
    }

    private string At(string name) => Path.Combine(_folder, name);
}
