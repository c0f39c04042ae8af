using System.Globalization;
using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.TestSupport;
using Xunit.Abstractions;

namespace TraceReplay.Parsers.Tests;

/// <summary>Labelled logs of public bug reports: how many of the labelled messages are found (recall), and how many of the
/// failures found are labelled (precision).</summary>
public class WildLogTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, PoolKind> Kinds = new(StringComparer.Ordinal) { ["ppc64-tce"] = PoolKind.Tce };

    [Fact]
    public void Labelled_messages_are_found_and_nothing_else()
    {
        var folder = Places.Shared is null ? null : Path.Combine(Places.Shared, "wild", "cases");
        if (folder is null || !Directory.Exists(folder))
        {
            return;
        }

        var (found, labelled, right, claimed, fields, fieldsRight) = (0, 0, 0, 0, 0, 0);
        foreach (var path in Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            using var json = JsonDocument.Parse(File.ReadAllText(path));
            var expected = json.RootElement.GetProperty("expected").EnumerateArray().ToArray();
            var isExact = json.RootElement.GetProperty("flags").EnumerateArray().All(f => f.GetString() is not ("paraphrased" or "negative"));
            var facts = Reading.Paths(new ReaderOptions(), Path.ChangeExtension(path, ".log")).Of<LogMessageFact>().ToArray();
            foreach (var label in expected)
            {
                labelled++;
                var hit = Array.Find(facts, f => Covers(label, f.Source.Line) && f.Kind == Kind(label));
                found += hit is null ? 0 : 1;
                if (hit is null)
                {
                    output.WriteLine($"missed {Path.GetFileName(path)}:{label.GetProperty("line_number")} {label.GetProperty("message")}");
                    continue;
                }

                foreach (var (name, want, got) in Compare(label, hit))
                {
                    fields++;
                    fieldsRight += want == got ? 1 : 0;
                    if (want != got)
                    {
                        output.WriteLine($"differs {Path.GetFileName(path)}:{hit.Source.Line} {name}: {got}, labelled {want}: {hit.Text}");
                    }
                }
            }

            foreach (var fact in facts.Where(f => f.IsFailure && isExact))
            {
                claimed++;
                var isLabelled = fact.Kind == PoolKind.Driver || Array.Exists(expected, label => Covers(label, fact.Source.Line));
                right += isLabelled ? 1 : 0;
                if (!isLabelled)
                {
                    output.WriteLine($"not labelled {fact.Source.Path}:{fact.Source.Line} {fact.Family}: {fact.Text}");
                }
            }
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"recall {found}/{labelled}, precision {right}/{claimed}, fields {fieldsRight}/{fields}"));
        Assert.Equal((labelled, claimed, fields), (found, right, fieldsRight));
    }

    private static PoolKind Kind(JsonElement label)
    {
        var name = label.GetProperty("pool_kind").GetString()!;
        return Kinds.TryGetValue(name, out var kind) ? kind : PoolKindNames.Parse(name) ?? PoolKind.Unknown;
    }

    private static bool Covers(JsonElement label, long line)
    {
        var first = label.GetProperty("line_number").GetInt64();
        var last = label.TryGetProperty("line_end", out var end) ? end.GetInt64() : first;
        return line >= first && line <= last;
    }

    private static IEnumerable<(string Name, string Want, string Got)> Compare(JsonElement label, LogMessageFact fact)
    {
        foreach (var (name, got) in new (string, string?)[]
        {
            ("device", fact.Device), ("driver", fact.Driver), ("size_bytes", Text(fact.Bytes)), ("npages", Text(fact.Pages)),
            ("total_slots", Text(fact.TotalUnits)), ("used_slots", Text(fact.UsedUnits)), ("ret", fact.Fields.GetValueOrDefault("ret")),
            ("total_entries", Text(fact.TotalUnits)), ("used_entries", Text(fact.UsedUnits)), ("table", fact.Fields.GetValueOrDefault("table")),
            ("region", fact.Fields.GetValueOrDefault("region")), ("addr", fact.Fields.GetValueOrDefault("addr")), ("mask", fact.Fields.GetValueOrDefault("mask")),
            ("bus_limit", fact.Fields.GetValueOrDefault("limit")), ("pending_count", fact.Fields.GetValueOrDefault("count")),
            ("pool_kib", fact.Fields.GetValueOrDefault("kib")), ("pool_start", fact.Fields.GetValueOrDefault("base")), ("pool_end", fact.Fields.GetValueOrDefault("end")),
        })
        {
            if (label.TryGetProperty(name, out var want) && want.ValueKind != JsonValueKind.Null)
            {
                yield return (name, want.ToString().Trim('`'), got ?? string.Empty);
            }
        }

        // A boot stamp is a time as well; wall times of an unknown zone or year are not compared.
        if (label.TryGetProperty("timestamp", out var stamp) && decimal.TryParse(stamp.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
        {
            yield return ("timestamp", seconds.ToString(CultureInfo.InvariantCulture), (fact.TimeNs / 1_000_000_000m).ToString("0.000000", CultureInfo.InvariantCulture));
        }
    }

    private static string? Text(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
