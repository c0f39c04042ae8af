namespace TraceReplay.Replay.Tests;

public class PriorHoldingsTests
{
    [Fact]
    public void A_release_without_a_request_was_held_before()
    {
        var scene = new Scene(128);
        var early = scene.Map(0, "ring", 8192);
        scene.Unmap(5, early);
        scene.Map(6, "a", 2048);
        var cut = Without(scene, early);
        var prior = PriorHoldingsSearch.Find(cut, null);
        var holding = Assert.Single(prior.Holdings);
        Assert.Equal(PriorBasis.Freed, holding.Basis);
        Assert.Equal(4, holding.Units);
        Assert.Equal("ring", cut.Log.Names.Text(holding.Device));
    }

    [Fact]
    public void Slots_the_kernel_passed_over_were_held_before()
    {
        var scene = new Scene(128);
        var ring = Enumerable.Range(0, 6).Select(i => scene.Map(i, "ring", 2048)).ToList();
        for (var i = 0; i < 200; i++)
        {
            scene.Unmap(20 + i, scene.Map(20 + i, "a", 2048));
        }

        var cut = Without(scene, [.. ring]);
        var prior = PriorHoldingsSearch.Find(cut, null);
        Assert.Equal(6, prior.Units);
        Assert.Equal(Enumerable.Range(0, 6).Select(i => (long)i), prior.Holdings.Select(h => h.FirstUnit).Order());
        var result = PoolReplay.Run(cut with { Prior = prior });
        Assert.Equal(result.Compared, result.Equal);
    }

    [Fact]
    public void Units_known_by_number_only_are_placed_where_the_trace_never_maps()
    {
        var scene = new Scene(128);
        scene.Map(0, "a", 2048);
        scene.Log[0] = scene.Log[0] with { UsedUnits = 3 };
        var prior = PriorHoldingsSearch.Find(scene.Setup(), null);
        Assert.Equal(3, prior.Units);
        Assert.DoesNotContain(prior.Holdings, h => h.FirstUnit == 0);
        Assert.All(prior.Holdings, h => Assert.Equal(PriorBasis.Counted, h.Basis));
    }

    [Fact]
    public void A_pool_without_areas_tells_its_use_beside_the_index()
    {
        var scene = new Scene(128, kernel: "5.10.7");
        scene.Map(0, "a", 2048);
        scene.Log[0] = scene.Log[0] with { UsedUnits = 5 };
        scene.Log[0] = scene.Log[0] with { StateOffset = scene.Log.AddState([0, 40]) };
        scene.Log[0] = scene.Log[0] with { StateCount = 2 };
        Assert.Equal(5, PriorHoldingsSearch.Find(scene.Setup(), null).Units);
    }

    [Fact]
    public void In_a_smaller_pool_what_was_held_before_is_held_elsewhere()
    {
        var prior = new PriorHoldings(
            [new PriorHolding(0, 2, 0, PriorBasis.Freed), new PriorHolding(300, 4, 0, PriorBasis.Freed)], [200]);
        var scene = new Scene(128);
        var model = Pools.PoolModels.Create(scene.Geometry);
        var moved = prior.ApplyTo(model, 0);
        Assert.Equal(6, model.UsedUnits);
        Assert.Equal(2, moved[300]);
        Assert.InRange(model.SearchIndex(0), 0, 127);
    }

    /// <summary>The scene as a tracer sees it that was switched on after these mappings.</summary>
    private static PoolSetup Without(Scene scene, params int[] unseen)
    {
        var log = new OperationLog();
        log.Sources.Add("scene");
        log.PoolIndex(scene.Log.Pools[0]);
        for (var i = 0; i < scene.Log.Count; i++)
        {
            if (!unseen.Contains(i))
            {
                var operation = scene.Log[i];
                operation.Device = log.Names.Intern(scene.Device(i));
                log.Add(in operation);
            }
        }

        return scene.Setup() with { Log = log };
    }
}
