namespace TraceReplay.Store.Tests;

public class SavedQueryTests
{
    public static TheoryData<string> Names => [.. SavedQueries.All.Select(q => q.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void RunsOnAnEmptyAndOnAFilledDatabase(string name)
    {
        var query = SavedQueries.Find("@" + name);
        Assert.EndsWith(".", query.Description, StringComparison.Ordinal);
        Assert.DoesNotContain(query.Parameters, p => p.Description.Length == 0);
        using var file = new TemporaryFile();
        Samples.Create(file).Dispose();
        Assert.Empty(Run(file, query));
        using (var database = TraceDatabase.Open(file.Path, DatabaseAccess.Write))
        {
            Samples.Store(database, "a");
            ResultTests.StoreResults(database);
        }

        Assert.NotEmpty(Run(file, query));
        _ = Run(file, query, query.Parameters.ToDictionary(p => p.Name, _ => (object?)1L, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("incidents")]
    [InlineData("holders")]
    [InlineData("failures")]
    [InlineData("timeline")]
    [InlineData("devices")]
    [InlineData("sources")]
    [InlineData("mappings-at")]
    [InlineData("top-sizes")]
    [InlineData("warnings")]
    public void TheUsualOnesExist(string name) => Assert.Equal(name, SavedQueries.Find(name).Name);

    [Fact]
    public void AWrongNameIsAnswered()
    {
        Assert.Equal("did you mean @incidents?", Assert.Throws<StoreException>(() => SavedQueries.Find("@incidnets")).Hint);
        Assert.Contains("tracereplay queries", Assert.Throws<StoreException>(() => SavedQueries.Find("@")).Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void MappingsAtAMoment()
    {
        using var file = new TemporaryFile();
        using (var database = Samples.Create(file))
        {
            ResultTests.StoreResults(database);
        }

        // Mapping i is held from i ms until 2i s, every third for ever.
        var held = Run(file, SavedQueries.Find("mappings-at"), new Dictionary<string, object?>(StringComparer.Ordinal) { ["time"] = 0.0105 });
        Assert.Equal(11, held.Count);
        var later = Run(file, SavedQueries.Find("mappings-at"), new Dictionary<string, object?>(StringComparer.Ordinal) { ["time"] = 200.0 });
        Assert.Equal(26, later.Count);
    }

    private static List<object?[]> Run(TemporaryFile file, SavedQuery query, IReadOnlyDictionary<string, object?>? values = null)
    {
        using var runner = QueryRunner.Open(file.Path);
        using var result = runner.Run(query.Sql, values);
        return [.. result.Rows];
    }
}
