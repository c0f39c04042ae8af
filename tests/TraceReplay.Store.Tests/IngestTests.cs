using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Store.Tests;

public class IngestTests
{
    [Fact]
    public void TheSameBytesAreStoredOnce()
    {
        using var file = new TemporaryFile();
        using (var database = Samples.Create(file))
        {
            Assert.Equal(new StoredSource(1, false), Samples.Store(database, "a", sha: "same"));
        }

        var before = File.ReadAllBytes(file.Path);
        using (var database = TraceDatabase.Open(file.Path, DatabaseAccess.Write))
        {
            Assert.Equal(new StoredSource(1, true), Samples.Store(database, "b", seed: 9, batches: 3, sha: "same"));
            Assert.Equal(1, database.FindSource("same"));
            Assert.Null(database.FindSource("other"));
        }

        Assert.Equal(before, File.ReadAllBytes(file.Path));
    }

    [Fact]
    public void ASourceThatIsNotCompletedLeavesNothing()
    {
        using var file = new TemporaryFile();
        using var database = Samples.Create(file);
        using (var writer = database.BeginSource(Samples.Info("a")))
        {
            writer.Write(Samples.Batch(writer.Info.Names, 1));
            writer.Write(Samples.AllFacts("a")[4]);
        }

        Assert.Equal(0, Count(database, "source"));
        Assert.Equal(0, Count(database, "event_row"));
        Assert.Equal(0, Count(database, "device"));
        Assert.Equal(new StoredSource(1, false), Samples.Store(database, "b"));
    }

    [Fact]
    public void NothingIsWrittenAfterAFailure()
    {
        using var file = new TemporaryFile();
        using var database = Samples.Create(file);
        database.Connection.Execute("PRAGMA max_page_count=60");
        using var writer = database.BeginSource(Samples.Info("a"));
        var batch = Samples.Batch(writer.Info.Names, 1);
        Assert.Throws<StoreException>(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                writer.Write(batch);
            }
        });
        Assert.Throws<ObjectDisposedException>(() => writer.Write(batch));
        Assert.Throws<ObjectDisposedException>(() => writer.Write(Samples.AllFacts("a")[0]));
        Assert.Throws<ObjectDisposedException>(() => writer.Complete(Samples.Summary("a")));
        Assert.Equal(0, Count(database, "event_row"));
    }

    [Fact]
    public void TwoWritersAtOnceAreAnError()
    {
        using var file = new TemporaryFile();
        using var database = Samples.Create(file);
        using var writer = database.BeginSource(Samples.Info("a"));
        Assert.Throws<InvalidOperationException>(() => database.BeginSource(Samples.Info("b")));
        Assert.Throws<InvalidOperationException>(database.BeginResults);
    }

    [Fact]
    public void TheSameInputsGiveTheSameFile()
    {
        using var file = new TemporaryFile();
        var files = new[] { file.Named("1.db"), file.Named("2.db") };
        foreach (var path in files)
        {
            using var database = TraceDatabase.Open(path, DatabaseAccess.Create);
            Samples.Store(database, "a", seed: 1, batches: 30);
            Samples.Store(database, "b", seed: 2);
            ResultTests.StoreResults(database);
        }

        Assert.Equal(File.ReadAllBytes(files[0]), File.ReadAllBytes(files[1]));
    }

    [Fact]
    public void ADiskThatFillsUpLeavesWholeSources()
    {
        using var file = new TemporaryFile();
        using (var database = Samples.Create(file))
        {
            Samples.Store(database, "a");
            var pages = database.Connection.Scalar("PRAGMA page_count") + 20;
            database.Connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA max_page_count={pages}"));
            var failure = Assert.Throws<StoreException>(() => Samples.Store(database, "b", batches: 10));
            Assert.Equal(StoreError.DiskFull, failure.Error);
            database.Connection.Execute("PRAGMA max_page_count=1000000");
            Assert.False(Samples.Store(database, "c").AlreadyStored);
        }

        using var read = TraceDatabase.Open(file.Path);
        Assert.Equal(["a", "c"], read.ReadFacts().Sources.Select(s => s.Summary.Path), StringComparer.Ordinal);
    }

    private static long Count(TraceDatabase database, string table) => database.Connection.Scalar($"SELECT count(*) FROM {table}");
}
