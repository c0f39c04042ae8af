namespace TraceReplay.Replay.Tests;

public class CounterfactualTests
{
    private static CounterfactualResult Try(PoolReplayResult actual, Change change) =>
        Counterfactual.Run(actual, Lifetimes.Learn(actual), change);

    /// <summary>A device that holds nearly all and never fails, and a victim that tries one buffer again and again.</summary>
    private static Scene Greedy(out PoolReplayResult actual)
    {
        var scene = new Scene(128);
        var warm = scene.Map(0, "victim", 16 * 1024, 0x10000);
        scene.Unmap(3, warm);
        for (var i = 0; i < 30; i++)
        {
            scene.Map(5 + i, "greedy", 8 * 1024, (ulong)(0x100000 + (i * 0x2000)));
        }

        var first = scene.Map(100, "victim", 8 * 1024, 0x20000);
        Assert.Equal(OperationResult.Mapped, scene.Log[first].Result);
        for (var i = 0; i < 5; i++)
        {
            scene.Map(110 + i, "victim", 16 * 1024, 0x30000);
        }

        actual = scene.Replay();
        Assert.Equal(5, actual.Failures.Count);
        return scene;
    }

    [Fact]
    public void Nothing_changed_fails_alike()
    {
        Greedy(out var actual);
        Assert.Equal(5, Try(actual, new Change()).Failures);
    }

    [Fact]
    public void Without_the_greedy_device_nothing_fails()
    {
        var scene = Greedy(out var actual);
        var result = Try(actual, new Change { WithoutDevice = scene.Log.Names.Intern("greedy") });
        Assert.Equal(0, result.Failures);
    }

    [Fact]
    public void Five_tries_of_one_buffer_are_one_demand()
    {
        var scene = Greedy(out var actual);
        var result = Try(actual, new Change { Geometry = scene.Geometry with { Units = 256 } });
        Assert.Equal(0, result.Failures);

        // The victim's 16 KiB mappings live 3 ms: the third later try is a new demand, the ones before are not.
        Assert.Equal(2, result.Admitted);
    }

    [Fact]
    public void A_cap_makes_requests_wait_instead_of_fail()
    {
        var scene = Greedy(out var actual);
        var result = Try(actual, new Change { CappedDevice = scene.Log.Names.Intern("greedy"), MaxOutstanding = 20 });
        Assert.Equal(0, result.Failures);
        Assert.Equal(10, result.Deferred);
    }

    [Fact]
    public void Splitting_serves_what_no_pool_size_can()
    {
        var scene = new Scene(1024);
        scene.Map(0, "big", 512 * 1024, 0x100000);
        var actual = scene.Replay();
        Assert.Single(actual.Failures);
        Assert.Equal(1, Try(actual, new Change { Geometry = scene.Geometry with { Units = 65536 } }).Failures);
        Assert.Equal(0, Try(actual, new Change { MaxMappingBytes = 256 * 1024 }).Failures);
    }

    [Fact]
    public void A_pool_without_layout_only_counts()
    {
        var scene = new Scene(128);
        var maps = Enumerable.Range(0, 64).Select(i => scene.Map(i, "a", 4096)).ToList();
        foreach (var map in maps.Where((_, i) => i % 2 == 0))
        {
            scene.Unmap(100 + map, map);
        }

        scene.Map(300, "a", 16 * 1024);
        var actual = scene.Replay();
        Assert.Single(actual.Failures);
        Assert.Equal(0, Try(actual, new Change { WithoutLayout = true }).Failures);
    }

    [Fact]
    public void Where_nothing_failed_the_least_size_is_below_the_present_one()
    {
        var scene = new Scene(4096);
        var maps = Enumerable.Range(0, 100).Select(i => scene.Map(i, "a", 4096, (ulong)i << 12)).ToList();
        maps.ForEach(m => scene.Unmap(500, m));
        var actual = scene.Replay();
        Assert.Equal(256, LeastSizeSearch.Find(actual, Lifetimes.Learn(actual), 128));
    }

    [Fact]
    public void The_least_size_is_clean_and_one_step_less_is_not()
    {
        Greedy(out var actual);
        var lifetimes = Lifetimes.Learn(actual);
        var least = LeastSizeSearch.Find(actual, lifetimes, 128);
        Assert.Equal(256, least);
    }
}
