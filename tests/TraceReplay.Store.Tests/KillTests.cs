using System.Globalization;

namespace TraceReplay.Store.Tests;

public class KillTests
{
    /// <param name="wholeSources">Sources completed before the one that is killed.</param>
    /// <param name="events">Events written before the kill: in the page cache only, and spilled to the file.</param>
    /// <param name="access">How it is opened afterwards.</param>
    [Theory]
    [InlineData(0, 80_000, DatabaseAccess.Write)]
    [InlineData(0, 2_000_000, DatabaseAccess.Read)]
    [InlineData(2, 80_000, DatabaseAccess.Read)]
    [InlineData(2, 2_000_000, DatabaseAccess.Read)]
    [InlineData(2, 2_500_000, DatabaseAccess.Write)]
    public void KilledWhileWritingWholeSourcesRemain(int wholeSources, long events, DatabaseAccess access)
    {
        using var file = new TemporaryFile();
        WriteAndKill(file.Path, wholeSources, events);
        using (var database = TraceDatabase.Open(file.Path, access))
        {
            var facts = database.ReadFacts();
            Assert.Equal(Enumerable.Range(0, wholeSources).Select(i => $"whole{i}"), facts.Sources.Select(s => s.Summary.Path), StringComparer.Ordinal);
            Assert.Equal(wholeSources * Samples.AllFacts(string.Empty).Count, facts.Facts.Count());
            Assert.Equal(facts.Sources.Max(s => s.LastEventId) ?? 0, database.Connection.Scalar("SELECT max(id) FROM event_row"));
        }

        using var runner = QueryRunner.Open(file.Path);
        using var check = runner.Run("PRAGMA integrity_check");
        Assert.Equal("ok", check.Rows.Single()[0]);
    }

    [Fact]
    public void AKilledLoadCanBeDoneAgain()
    {
        using var file = new TemporaryFile();
        WriteAndKill(file.Path, 1, 2_000_000);
        using (var database = TraceDatabase.Open(file.Path, DatabaseAccess.Create))
        {
            Assert.True(Samples.Store(database, "whole0", seed: 0, batches: 2).AlreadyStored);
            Assert.False(Samples.Store(database, "endless").AlreadyStored);
        }

        using var straight = new TemporaryFile();
        using (var database = Samples.Create(straight))
        {
            Samples.Store(database, "whole0", seed: 0, batches: 2);
            Samples.Store(database, "endless");
        }

        Assert.Equal(Dump(straight.Path), Dump(file.Path));
    }

    [Fact]
    public void ALockedDatabaseNamesTheProcess()
    {
        using var file = new TemporaryFile();
        using var child = ChildProcess.Start(file.Path, 1);
        try
        {
            Assert.NotNull(child.StandardOutput.ReadLine());
            foreach (var access in Enum.GetValues<DatabaseAccess>())
            {
                var failure = Assert.Throws<StoreException>(() => TraceDatabase.Open(file.Path, access));
                Assert.Equal(StoreError.Locked, failure.Error);
                Assert.Contains(child.Id.ToString(CultureInfo.InvariantCulture), failure.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }
    }

    private static void WriteAndKill(string path, int wholeSources, long events)
    {
        using var child = ChildProcess.Start(path, wholeSources);
        while (child.StandardOutput.ReadLine() is { } line && long.Parse(line) < events)
        {
        }

        Assert.False(child.HasExited);
        child.Kill();
        child.WaitForExit();
    }

    private static List<string> Dump(string path)
    {
        using var runner = QueryRunner.Open(path);
        var all = new List<string>();
        foreach (var sql in new[] { "SELECT * FROM v_event", "SELECT * FROM source", "SELECT * FROM v_warning", "SELECT * FROM device" })
        {
            using var result = runner.Run(sql);
            all.AddRange(result.Rows.Select(r => string.Join('|', r)));
        }

        return all;
    }
}
