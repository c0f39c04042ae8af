using TraceReplay.Core;

namespace TraceReplay.Store.Tests;

public class EventRoundTripTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public void EveryFieldComesBack(int batches)
    {
        using var file = new TemporaryFile();
        using (var database = Samples.Create(file))
        {
            Samples.Store(database, "first", seed: 100);
            Samples.Store(database, "second", seed: 1, batches);
        }

        using var read = TraceDatabase.Open(file.Path);
        var source = read.ReadFacts().Sources[1];
        Assert.Equal(batches * EventBatch.Capacity, source.Summary.Events);
        using var reader = read.ReadEvents();
        reader.Begin(source);
        var got = new EventBatch();
        var names = new NameTable();
        for (var i = 0; i < batches; i++)
        {
            var wrote = Samples.Batch(names, 1 + i);
            Assert.True(reader.Read(got));
            Assert.Equal(source.FirstEventId + (i * EventBatch.Capacity), reader.Ids[0]);
            AssertEqual(wrote, got, 0, 0, wrote.Count);
        }

        Assert.False(reader.Read(got));
        Assert.Equal(0, got.Count);
    }

    [Fact]
    public void RowsThatDoNotFillAStatementAreKept()
    {
        using var file = new TemporaryFile();
        var names = new NameTable();
        var whole = Samples.Batch(names, 5);
        for (var count = 1; count <= 70; count += 23)
        {
            using var database = Samples.Create(file);
            StoredSource stored;
            using (var writer = database.BeginSource(new SourceInfo("p" + count, "f", names)))
            {
                var part = new EventBatch { Names = names };
                for (var i = 0; i < count; i++)
                {
                    var item = whole.Events[i];
                    item.StateOffset = part.AddState(whole.StateOf(in item));
                    part.Add(in item);
                }

                Assert.True(writer.FirstEventId > 0);
                writer.Write(part);
                stored = writer.Complete(Samples.Summary("p" + count));
            }

            var got = new EventBatch();
            using var reader = database.ReadEvents();
            reader.Begin(database.ReadFacts().Sources.Single(s => s.Id == stored.SourceId));
            Assert.True(reader.Read(got));
            Assert.Equal(count, got.Count);
            AssertEqual(whole, got, 0, 0, count);
        }
    }

    [Fact]
    public void OnlyTheKindsAskedForAreRead()
    {
        using var file = new TemporaryFile();
        using var database = Samples.Create(file);
        Samples.Store(database, "a", seed: 3);
        var wrote = Samples.Batch(new NameTable(), 3);
        using var reader = database.ReadEvents([EventKind.PoolMap, EventKind.PoolUnmap]);
        reader.Begin(database.ReadFacts().Sources[0]);
        var got = new EventBatch();
        Assert.True(reader.Read(got));
        var wanted = wrote.Span.ToArray().Where(e => e.Kind is EventKind.PoolMap or EventKind.PoolUnmap).ToArray();
        Assert.Equal(wanted.Select(e => (e.Kind, e.Line)), got.Span.ToArray().Select(e => (e.Kind, e.Line)));
        Assert.False(reader.Read(got));
    }

    [Fact]
    public void ALongStateIsKept()
    {
        using var file = new TemporaryFile();
        using var database = Samples.Create(file);
        var info = Samples.Info("long");
        var state = Enumerable.Range(0, 4000).Select(i => i * 1_000_003).ToArray();
        using (var writer = database.BeginSource(info))
        {
            var batch = new EventBatch { Names = info.Names };
            for (var i = 0; i < 40; i++)
            {
                var item = TraceEvent.Empty;
                item.StateOffset = batch.AddState(state.AsSpan(i));
                item.StateCount = state.Length - i;
                batch.Add(in item);
            }

            writer.Write(batch);
            writer.Complete(Samples.Summary("long"));
        }

        using var reader = database.ReadEvents();
        reader.Begin(database.ReadFacts().Sources[0]);
        var got = new EventBatch();
        Assert.True(reader.Read(got));
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(state[i..], got.StateOf(in got.Events[i]).ToArray());
        }
    }

    private static void AssertEqual(EventBatch wrote, EventBatch got, int from, int gotFrom, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (a, b) = (wrote.Events[from + i], got.Events[gotFrom + i]);
            Assert.Equal(wrote.StateOf(in a).ToArray(), got.StateOf(in b).ToArray());
            foreach (var (x, y) in new[]
            {
                (a.CommId, b.CommId), (a.NameId, b.NameId), (a.DeviceId, b.DeviceId), (a.ConsumerId, b.ConsumerId),
                (a.TextId, b.TextId),
            })
            {
                Assert.Equal(wrote.Names.Bytes(x).ToArray(), got.Names.Bytes(y).ToArray());
            }

            a.CommId = a.NameId = a.DeviceId = a.ConsumerId = a.TextId = a.StateOffset = 0;
            b.CommId = b.NameId = b.DeviceId = b.ConsumerId = b.TextId = b.StateOffset = 0;
            Assert.Equal(a, b);
        }
    }
}
