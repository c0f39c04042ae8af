using System.Text.Json;
using TraceReplay.Analysis.Export;
using TraceReplay.Core;
using TraceReplay.Store;
using TraceReplay.TestSupport;

namespace TraceReplay.Analysis.Tests;

public sealed class ExportTests : IDisposable
{
    private static readonly string[] HostileNames =
        ["kworker/0:1H", "=cmd|' /C calc'!A0", "a,b;c\"d'", " blanks ", "back\\slash\\x41", "new\nline\r", "\u001b[31mred", "ünïcode \u202e", "#hash", "nul\0inside", "-1"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay").FullName;

    public static TheoryData<string> Captures => [.. Directory.GetDirectories(Places.InCheckout("sample-logs"))
        .Where(d => Directory.EnumerateFiles(Path.Combine(d, "input"), "trace*").Any()).Select(d => Path.GetFileName(d)!)];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_canonical_csv_read_again_gives_the_same_events_and_findings(string capture)
    {
        var input = Places.InCheckout("sample-logs", capture, "input");
        var direct = AnalysisJob.Run(new AnalysisOptions { Inputs = [input], Database = At("a.db") }, CancellationToken.None);
        Export("a.db", ExportFormat.Csv, "events.csv");

        var again = AnalysisJob.Run(new AnalysisOptions { Inputs = [At("events.csv")], Database = At("b.db") }, CancellationToken.None);

        var events = Events("a.db");
        Assert.NotEmpty(events);
        Assert.Equal(events, Events("b.db"));
        Assert.Equal(direct.Incidents.Select(i => (i.Cause, i.Failures)), again.Incidents.Select(i => (i.Cause, i.Failures)));
        Assert.Equal(0, again.Sources.Single().Skipped);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Events_of_every_kind_with_every_field_come_back(int seed)
    {
        using (var store = TraceDatabase.Open(At("a.db"), DatabaseAccess.Create))
        using (var writer = store.BeginSource(new SourceInfo("random", "ftrace-text", new NameTable())))
        {
            writer.Write(RandomEvents(writer.Info.Names, seed));
            _ = writer.Complete(new SourceSummary { Path = "random", Format = "ftrace-text", Sha256 = "0", Clock = ClockDomain.Mono });
        }

        Export("a.db", ExportFormat.Csv, "events.csv");
        IngestJob.Run([At("events.csv")], new(), At("b.db"), null, CancellationToken.None);

        Assert.Equal(Events("a.db"), Events("b.db"));
        Assert.DoesNotContain(File.ReadAllLines(At("events.csv")), line => line.Split(',').Any(field => field.TrimStart('"') is ['=' or '@' or '\'', ..]));
    }

    [Fact]
    public void Json_lines_hold_every_event_failure_and_finding()
    {
        var report = Greedy();
        Export("a.db", ExportFormat.JsonLines, "case.jsonl");

        var lines = File.ReadAllLines(At("case.jsonl")).Select(line => JsonDocument.Parse(line).RootElement).ToLookup(e => e.GetProperty("type").GetString(), StringComparer.Ordinal);

        Assert.Equal("tracereplay.export/1", lines["header"].Single().GetProperty("schema").GetString());
        Assert.Equal(report.Sources.DistinctBy(s => s.Sha256, StringComparer.Ordinal).Count(), lines["source"].Count());
        Assert.Equal(report.Sources.Sum(s => s.Events), lines["event"].LongCount());
        Assert.Equal(206, lines["failure"].Count(f => f.GetProperty("origin").GetString() == "replay"));
        Assert.Equal("capacity", lines["finding"].Single().GetProperty("cause").GetString());
        Assert.Contains(lines["event"], e => e.GetProperty("kind").GetString() == "pool-map" && e.GetProperty("device").GetString() == "0000:00:05.0"
            && e.GetProperty("phys_addr").GetString()!.StartsWith("0x", StringComparison.Ordinal));
    }

    [Fact]
    public void A_perfetto_trace_shows_pools_mappings_and_failures()
    {
        Greedy();
        Export("a.db", ExportFormat.Perfetto, "case.json");

        var events = JsonDocument.Parse(File.ReadAllText(At("case.json"))).RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        var phases = events.ToLookup(e => e.GetProperty("ph").GetString(), StringComparer.Ordinal);
        using var store = TraceDatabase.Open(At("a.db"));
        var mappings = store.ReadResults().Mappings(store.ReadResults().Runs()[0].Id).Where(m => m.MapTimeNs != TraceEvent.NoTime).ToList();

        Assert.Equal(mappings.Count, phases["b"].Count());
        Assert.Equal(mappings.Count(m => m.UnmapTimeNs != TraceEvent.NoTime), phases["e"].Count());
        Assert.Equal(mappings.Sum(m => m.Bytes), phases["b"].Sum(e => e.GetProperty("args").GetProperty("bytes").GetInt64()));
        Assert.Equal(206, phases["i"].Count(e => e.GetProperty("name").GetString() == "swiotlb map failed"));
        Assert.Equal(2048, phases["C"].Where(e => e.GetProperty("name").GetString() == "units in use").Max(e => e.GetProperty("args").GetProperty("value").GetInt64()));

        // Microseconds with three decimals: the first failure stands at 29.863996 s.
        Assert.Equal(29_863_996.000m, phases["i"].First().GetProperty("ts").GetDecimal());
        var names = phases["M"].Where(e => e.GetProperty("name").GetString() == "process_name").ToDictionary(e => e.GetProperty("pid").GetInt32(), e => e.GetProperty("args").GetProperty("name").GetString());
        Assert.All(events.Select(e => e.GetProperty("pid").GetInt32()).Distinct(), pid => Assert.Contains(pid, names.Keys));
        Assert.Contains("0000:00:05.0 dmalab", names.Values, StringComparer.Ordinal);
    }

    [Fact]
    public void What_cannot_be_shown_is_said()
    {
        File.WriteAllText(At("dmesg.txt"), "[    1.000000] e1000 0000:00:03.0: swiotlb buffer is full (sz: 81 bytes), total 32768 (slots), used 7 (slots)\n");
        IngestJob.Run([At("dmesg.txt")], new(), At("a.db"), null, CancellationToken.None);

        Assert.Contains("no events", Assert.Throws<AnalysisException>(() => Export("a.db", ExportFormat.Csv, "x.csv")).Message, StringComparison.Ordinal);
        Assert.Contains("no source 7", Assert.Throws<AnalysisException>(() => ExportJob.Run(At("a.db"), ExportFormat.JsonLines, 7, Stream.Null, default)).Message, StringComparison.Ordinal);
        Export("a.db", ExportFormat.Perfetto, "case.json");
        Assert.Contains("swiotlb units in use, by the log", File.ReadAllText(At("case.json")), StringComparison.Ordinal);
    }

    private Diagnosis.AnalysisReport Greedy() => AnalysisJob.Run(
        new AnalysisOptions { Inputs = [Places.InCheckout("sample-logs", "06-greedy-vs-innocent", "input")], Database = At("a.db") }, CancellationToken.None);

    private string At(string name) => Path.Combine(_folder, name);

    private void Export(string database, ExportFormat format, string file)
    {
        using var output = File.Create(At(file));
        ExportJob.Run(At(database), format, null, output, CancellationToken.None);
    }

    /// <summary>All events as text, but for their lines and database ids.</summary>
    private List<string> Events(string database)
    {
        using var store = TraceDatabase.Open(At(database));
        using var reader = store.ReadEvents();
        var all = new List<string>();
        var batch = new EventBatch();
        foreach (var source in store.ReadFacts().Sources)
        {
            reader.Begin(source);
            while (reader.Read(batch))
            {
                foreach (ref readonly var e in batch.Span)
                {
                    string Name(int id) => Convert.ToHexString(reader.Names.Bytes(id));
                    all.Add(string.Join(' ', e.TimeNs, e.Kind, e.Pool, e.Direction, (int)e.Fields, e.Cpu, e.Pid, Name(e.CommId), Name(e.NameId), Name(e.DeviceId), Name(e.ConsumerId),
                        Name(e.TextId), e.DmaAddr, e.PhysAddr, e.Bytes, e.Units, e.AlignMask, e.Limit, e.PoolRef, e.UsedUnits, e.Arg, string.Join(',', batch.StateOf(in e).ToArray())));
                }
            }
        }

        return all;
    }

    private static EventBatch RandomEvents(NameTable names, int seed)
    {
        var random = new Random(seed);
        int[] ids = [0, .. HostileNames.Select(names.Intern), names.Intern([0xff, 0xfe, 0x41])];
        var batch = new EventBatch { Names = names };
        while (!batch.IsFull)
        {
            int Id() => ids[random.Next(ids.Length)];
            ulong Address() => random.Next(4) switch { 0 => 0, 1 => TraceEvent.MappingError, _ => (ulong)random.NextInt64() };
            var kind = (EventKind)random.Next(EventKindNames.All.Count);
            var item = TraceEvent.Empty with { Kind = kind, TimeNs = random.NextInt64(), NameId = names.Intern("name" + random.Next(9)), DeviceId = Id(), Cpu = random.Next(-1, 9) };
            item.Fields = (EventFields)random.Next(512);
            item.Bytes = random.Next(3) == 0 ? 0 : random.NextInt64();
            if (kind == EventKind.Lost)
            {
                item.Fields &= EventFields.Bytes;
                batch.Add(in item);
                continue;
            }

            (item.CommId, item.ConsumerId, item.TextId, item.Pid) = (Id(), Id(), Id(), random.Next(-1, 100_000));
            (item.DmaAddr, item.PhysAddr, item.AlignMask, item.Limit, item.PoolRef) = (Address(), Address(), Address(), Address(), Address());
            (item.Units, item.Arg, item.UsedUnits) = (random.Next(3) - 1, random.NextInt64() - (long.MaxValue / 2), random.Next(-1, 100));
            (item.Pool, item.Direction) = ((PoolKind)random.Next(5), random.Next(5) == 4 ? (byte)255 : (byte)random.Next(4));
            int[] state = [.. Enumerable.Range(0, random.Next(4) * 2).Select(_ => random.Next(-5, 5000))];
            (item.StateOffset, item.StateCount) = (batch.AddState(state), state.Length);
            batch.Add(in item);
        }

        return batch;
    }
}
