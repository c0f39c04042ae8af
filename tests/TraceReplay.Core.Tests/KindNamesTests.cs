namespace TraceReplay.Core.Tests;

public class KindNamesTests
{
    [Fact]
    public void Every_pool_kind_has_a_name_of_its_own_that_reads_back()
    {
        foreach (var kind in Enum.GetValues<PoolKind>())
        {
            Assert.Equal(kind, PoolKindNames.Parse(kind.Name()));
        }

        Assert.Null(PoolKindNames.Parse("swiotlb2"));
    }

    [Fact]
    public void Every_event_kind_has_a_name_of_its_own()
    {
        var kinds = Enum.GetValues<EventKind>();
        Assert.Equal(kinds.Length, EventKindNames.All.Count);
        Assert.Equal(kinds.Length, kinds.Select(k => k.Name()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("pool-map", EventKind.PoolMap.Name());
        Assert.Equal("pool-search-return", EventKind.PoolSearchReturn.Name());
    }
}
