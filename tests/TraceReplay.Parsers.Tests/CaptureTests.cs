using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.TestSupport;

namespace TraceReplay.Parsers.Tests;

/// <summary>Every capture is read whole; the number of events by name must be what the captures' makers counted.</summary>
public class CaptureTests
{
    public static TheoryData<string> Captures
    {
        get
        {
            var data = new TheoryData<string>();
            var folder = Places.Shared is null ? null : Path.Combine(Places.Shared, "captures");
            string[] captures = folder is null ? [] : Directory.GetDirectories(folder);
            foreach (var capture in captures.Order(StringComparer.Ordinal))
            {
                data.Add(Path.GetFileName(capture));
            }

            if (data.Count == 0)
            {
                data.Add(string.Empty);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Every_event_is_counted(string capture)
    {
        if (capture.Length == 0)
        {
            return;
        }

        var folder = Path.Combine(Places.Shared!, "captures", capture);
        var sink = new RecordingSink(keepEvents: false);
        InputReader.Read([Path.Combine(folder, "input")], new ReaderOptions(), sink, CancellationToken.None);

        Assert.DoesNotContain(sink.Diagnostics, d => d.Severity is Severity.Error or Severity.DataLoss);
        Assert.All(sink.Sources, s => Assert.Equal(0, s.Skipped));
        var truth = Path.Combine(folder, "truth", "ground-truth.json");
        if (!File.Exists(truth) || !sink.Sources.Exists(s => s.Path.Contains("trace.txt", StringComparison.Ordinal)))
        {
            return;
        }

        using var json = JsonDocument.Parse(File.ReadAllText(truth));
        if (json.RootElement.TryGetProperty("events_by_name", out var counts))
        {
            foreach (var count in counts.EnumerateObject())
            {
                Assert.Equal((count.Name, count.Value.GetInt64()), (count.Name, sink.CountByName.GetValueOrDefault(count.Name)));
            }
        }

        if (json.RootElement.TryGetProperty("tables", out var tables))
        {
            Assert.Equal(Sum(tables, "allocs_ok"), sink.CountByName.GetValueOrDefault("alloc_ok"));
            Assert.Equal(Sum(tables, "allocs_failed"), sink.CountByName.GetValueOrDefault("alloc_fail"));
            Assert.Equal(Sum(tables, "frees"), sink.CountByName.GetValueOrDefault("free"));
        }
    }

    private static long Sum(JsonElement tables, string name) =>
        tables.EnumerateArray().Sum(t => t.TryGetProperty(name, out var value) ? value.GetInt64() : 0);
}
