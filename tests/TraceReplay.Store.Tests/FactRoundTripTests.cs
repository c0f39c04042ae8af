using System.Text.Json;
using TraceReplay.Core;

namespace TraceReplay.Store.Tests;

public class FactRoundTripTests
{
    [Fact]
    public void EveryTypeOfFactIsTried()
    {
        var types = typeof(Fact).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Fact))).ToHashSet();
        Assert.Equal(types, Samples.AllFacts("p").Select(f => f.GetType()).ToHashSet());
    }

    [Fact]
    public void FactsAndDiagnosticsComeBackInOrder()
    {
        using var file = new TemporaryFile();
        using (var database = Samples.Create(file))
        {
            Samples.Store(database, "a");
            Samples.Store(database, "b\u001b");
        }

        using var read = TraceDatabase.Open(file.Path);
        var facts = read.ReadFacts();
        var wrote = Samples.AllFacts("a").Concat(Samples.AllFacts("b\u001b"));
        Assert.Equal(wrote.Select(Text), facts.All.Select(Text), StringComparer.Ordinal);
        Assert.Equal([1L, 2L], facts.Facts.Select(f => f.SourceId).Distinct());
        Assert.Equal(
            new Diagnostic("TR0007", Severity.DataLoss, "lost \"12\" events", new SourceRef("b\u001b", 7), "larger buffer"),
            facts.Diagnostics[1].Diagnostic);
        Assert.Equal(Samples.Summary("a") with { Events = EventBatch.Capacity }, facts.Sources[0].Summary);
    }

    [Fact]
    public void ADiagnosticWithoutASourceIsStoredOnce()
    {
        using var file = new TemporaryFile();
        var useless = new Diagnostic("TR0102", Severity.Warning, "not recognised", new SourceRef("x.bin", 0));
        using var database = Samples.Create(file);
        database.Write(useless);
        database.Write(useless);
        Samples.Store(database, "a");
        database.Write(useless);
        database.Write(useless with { Code = "TR0103" });
        var stored = database.ReadFacts().Diagnostics;
        Assert.Equal([null, 1L, null], stored.Select(d => d.SourceId));
        Assert.Equal(useless, stored[0].Diagnostic);
        using (var writer = database.BeginSource(Samples.Info("b")))
        {
            Assert.Throws<InvalidOperationException>(() => database.Write(useless));
        }
    }

    [Fact]
    public void EveryValueOfTheEnumerationsIsSpelled()
    {
        foreach (var clock in Enum.GetValues<ClockDomain>())
        {
            Assert.Equal(clock, EnumText.Clock(clock.Name()));
        }

        foreach (var kind in Enum.GetValues<EventKind>())
        {
            Assert.Equal(kind, EnumText.Kind(kind.Name()));
        }

        Assert.All(Enum.GetValues<GeometryOrigin>(), v => Assert.Equal(v, EnumText.Origin(EnumText.Text(v))));
        Assert.All(Enum.GetValues<UsageMoment>(), v => Assert.Equal(v, EnumText.Moment(EnumText.Text(v))));
        Assert.All(Enum.GetValues<ParameterOrigin>(), v => Assert.Equal(v, EnumText.ParameterOrigin(EnumText.Text(v))));
        Assert.All(Enum.GetValues<Severity>(), v => Assert.Equal(v, EnumText.Severity(EnumText.Text(v))));
        Assert.All(Enum.GetValues<PoolKind>(), v => Assert.Equal(v, EnumText.Pool(v.Name())));
    }

    [Fact]
    public void DevicesAreCompletedByFacts()
    {
        using var file = new TemporaryFile();
        using (var database = Samples.Create(file))
        {
            Samples.Store(database, "a");
            Samples.Store(database, "b");
        }

        using var runner = QueryRunner.Open(file.Path);
        using var result = runner.Run("SELECT driver, bus, dma_mask, dma_mask_bits, count(*) OVER () FROM device WHERE name = '0000:00:05.0'");
        Assert.Equal(["virtio\"net", "pci", -1L, 64L, 1L], result.Rows.Single());
    }

    private static string Text(Fact fact) => fact.GetType().Name + JsonSerializer.Serialize(fact, fact.GetType());
}
