using TraceReplay.Core;
using TraceReplay.Parsers;
using TraceReplay.Store;
using TraceReplay.TestSupport;

namespace TraceReplay.Analysis.Tests;

public sealed class StoredJobTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tracereplay").FullName;

    private string Database => Path.Combine(_folder, "case.db");

    private static string Sample => Directory.GetDirectories(Places.InCheckout("sample-logs"), "06-*").Single();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_stored_case_gives_the_same_report_as_its_inputs()
    {
        var direct = AnalysisJob.Run(new AnalysisOptions { Inputs = [Sample] }, CancellationToken.None);
        IngestJob.Run([Sample], new(), Database, null, CancellationToken.None);
        var stored = StoredJob.Run(Database, new AnalysisOptions { Inputs = [] });
        Assert.Equivalent(direct.Incidents, stored.Incidents);
        Assert.Equivalent(direct.Fidelity, stored.Fidelity);
        Assert.Equivalent(direct.Pools[0] with { Occupancy = [] }, stored.Pools[0] with { Occupancy = [] });
    }

    [Fact]
    public void A_fifo_in_a_folder_does_not_block()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "case")).FullName;
        File.Copy(Directory.GetFiles(Sample, "dmesg.txt", SearchOption.AllDirectories)[0], Path.Combine(folder, "dmesg.txt"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", Path.Combine(folder, "a-pipe")))
        {
            mkfifo.WaitForExit();
        }

        Assert.Single(AnalysisJob.Run(new AnalysisOptions { Inputs = [folder] }, CancellationToken.None).Incidents);
    }

    [Fact]
    public void Two_folders_are_two_incidents()
    {
        var leak = Directory.GetDirectories(Places.InCheckout("sample-logs"), "05-*").Single();
        var report = AnalysisJob.Run(new AnalysisOptions { Inputs = [Sample, leak] }, CancellationToken.None);
        Assert.Equal("Capacity 206 1, Leak 5 2", string.Join(", ", report.Incidents.Select(i => $"{i.Cause} {i.Failures} {i.Pool}")));
        Assert.Equal(2, report.Pools.Count);
    }

    [Fact]
    public void A_database_of_several_cases_keeps_them_apart()
    {
        var leak = Directory.GetDirectories(Places.InCheckout("sample-logs"), "05-*").Single();
        var options = new AnalysisOptions { Inputs = [Sample, leak], Database = Database };
        var direct = AnalysisJob.Run(options, CancellationToken.None);
        Assert.Equal($"{Sample} {leak}", string.Join(' ', direct.Incidents.Select(i => i.CaseName)));
        var stored = StoredJob.Run(Database, new AnalysisOptions { Inputs = [] });
        Assert.Equal("Capacity 206 1, Leak 5 2", string.Join(", ", stored.Incidents.Select(i => $"{i.Cause} {i.Failures} {i.Pool}")));
        Assert.Equal(direct.Fidelity, stored.Fidelity);
        using var store = TraceDatabase.Open(Database);
        Assert.Equal($"{Sample} {leak}", string.Join(' ', store.ReadResults().Incidents().Select(i => i.CaseName)));
        Assert.Equal($"{Sample} {leak} {Sample} {leak}", string.Join(' ', store.ReadResults().Runs().Select(r => r.CaseName)));
    }

    [Fact]
    public void Findings_of_logs_alone_stay_for_every_case()
    {
        string[] folders = [LogOnly("one"), LogOnly("two")];
        AnalysisJob.Run(new AnalysisOptions { Inputs = folders, Database = Database }, CancellationToken.None);
        using (var store = TraceDatabase.Open(Database))
        {
            // The bytes are stored once, but belong to both.
            Assert.Single(store.ReadFacts().Sources);
            Assert.Equal(string.Join(' ', folders), string.Join(' ', store.ReadResults().Incidents().Select(i => i.CaseName)));
        }

        var report = StoredJob.Run(Database, new AnalysisOptions { Inputs = [] });
        Assert.Equal(string.Join(' ', folders), string.Join(' ', report.Incidents.Select(i => Path.GetDirectoryName(i.FirstFailure!.Source.Path))));
    }

    [Fact]
    public void Archives_are_cases_of_their_own_and_a_loose_file_beside_one_belongs_to_it()
    {
        string[] archives = [Path.Combine(_folder, "one.tar"), Path.Combine(_folder, "two.tar")];
        System.Formats.Tar.TarFile.CreateFromDirectory(LogOnly("one"), archives[0], includeBaseDirectory: false);
        System.Formats.Tar.TarFile.CreateFromDirectory(LogOnly("two"), archives[1], includeBaseDirectory: false);
        var loose = Path.Combine(LogOnly("three"), "dmesg.txt");
        Assert.Equal("one.tar two.tar ", string.Join(' ', InputCase.Split([archives[0], loose, archives[1]]).Select(c => Path.GetFileName(c.Name))));
        var only = Assert.Single(InputCase.Split([archives[0], loose]));
        Assert.Equal(2, only.Inputs.Count);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("0001020304050607", "binary, begins with 0001020304050607")]
    [InlineData("28b52ffd0458", "the zstd frame is cut off")]
    [InlineData("504b030461616161", "zip")]
    public void Why_an_input_is_of_no_use_is_said(string hex, string reason)
    {
        var path = Path.Combine(_folder, "input");
        File.WriteAllBytes(path, Convert.FromHexString(hex));
        var problem = Assert.Throws<AnalysisException>(() => AnalysisJob.Run(new AnalysisOptions { Inputs = [path] }, CancellationToken.None));
        Assert.Contains(reason, problem.Diagnostic.Message, StringComparison.Ordinal);
    }

    private string LogOnly(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.Copy(Directory.GetFiles(Sample, "dmesg.txt", SearchOption.AllDirectories)[0], Path.Combine(folder, "dmesg.txt"));
        return folder;
    }

    [Fact]
    public void Diagnosing_again_replaces_the_findings()
    {
        IngestJob.Run([Sample], new(), Database, null, CancellationToken.None);
        StoredJob.Run(Database, new AnalysisOptions { Inputs = [] });
        StoredJob.Run(Database, new AnalysisOptions { Inputs = [] });
        using var store = TraceDatabase.Open(Database);
        Assert.Single(store.ReadResults().Incidents());
        Assert.Equal(2, store.ReadResults().Runs().Count);
    }

    [Fact]
    public void A_filter_that_leaves_everything_out_is_said()
    {
        var report = AnalysisJob.Run(new AnalysisOptions { Inputs = [Sample], SinceNs = 100_000_000_000 }, CancellationToken.None);
        Assert.Empty(report.Incidents);
        Assert.Contains(report.Warnings, w => w.Code == "TR0306");
    }

    [Fact]
    public void The_same_bytes_are_stored_once()
    {
        var first = IngestJob.Run([Sample], new(), Database, null, CancellationToken.None);
        var again = IngestJob.Run([Sample], new(), Database, null, CancellationToken.None);

        // The capture's kprobe_events.txt and dynamic_events.txt are the same bytes.
        Assert.Equal(1, first.AlreadyStored);
        Assert.Equal(again.Sources.Count, again.AlreadyStored);
    }

    [Fact]
    public void Results_are_rows_that_lead_back_to_events()
    {
        AnalysisJob.Run(new AnalysisOptions { Inputs = [Sample], Database = Database }, CancellationToken.None);
        using var store = TraceDatabase.Open(Database);
        var results = store.ReadResults();
        var run = Assert.Single(results.Runs());
        Assert.Equal(206, run.Failures);
        Assert.Equal(206, results.Failures(run.Id).Count());
        var incident = Assert.Single(results.Incidents());
        Assert.Equal("0000:00:05.0", incident.Culprits[0].Device);
        Assert.Equal("0000:00:05.0", incident.Holders[0].Device);
        var mapped = results.Mappings(run.Id).First(m => m.MapEventId > 0 && m.UnmapEventId > 0);
        using var events = store.ReadEvents([EventKind.PoolMap, EventKind.PoolUnmap]);
        var source = store.ReadFacts().Sources.Single(s => s.FirstEventId <= mapped.MapEventId && mapped.MapEventId <= s.LastEventId);
        events.Begin(source);
        var batch = new EventBatch();
        Assert.True(events.Read(batch));
        var place = Array.IndexOf(events.Ids, mapped.MapEventId);
        Assert.Equal(EventKind.PoolMap, batch.Events[place].Kind);
        Assert.Equal(mapped.MapTimeNs, batch.Events[place].TimeNs);
    }

    [Fact]
    public void A_what_if_is_a_run_of_its_own()
    {
        IngestJob.Run([Sample], new(), Database, null, CancellationToken.None);
        StoredJob.Run(Database, new AnalysisOptions { Inputs = [], WhatIfs = ["pool.size=8MiB", "without device=0000:00:05.0"] });
        using var store = TraceDatabase.Open(Database);
        var runs = store.ReadResults().Runs();
        Assert.Equal([206L, 0L, 0L], runs.Select(r => r.Failures!.Value));
        Assert.Equal("pool.size=8MiB", runs[1].WhatIf);
    }

    [Theory]
    [InlineData(null, "pool.areas=3")]
    [InlineData("swiotlb(areas=3)", null)]
    public void A_pool_that_cannot_be_is_refused_in_words(string? pool, string? whatIf)
    {
        var problem = Assert.Throws<AnalysisException>(() => AnalysisJob.Run(
            new AnalysisOptions { Inputs = [Sample], Pools = pool is null ? [] : [pool], WhatIfs = whatIf is null ? [] : [whatIf] },
            CancellationToken.None));
        Assert.Contains("areas", problem.Diagnostic.Message + problem.Diagnostic.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_spec_says_what_was_expected()
    {
        var problem = Assert.Throws<AnalysisException>(() => AnalysisJob.Run(
            new AnalysisOptions { Inputs = [Sample], WhatIfs = ["pool.siez=8MiB"] }, CancellationToken.None));
        Assert.Contains("pool.size", problem.Diagnostic.Message + problem.Diagnostic.Hint, StringComparison.Ordinal);
    }
}
