namespace TraceReplay.Replay.Tests;

public class PoolReplayTests
{
    [Fact]
    public void Every_place_of_a_consistent_trace_is_the_models_own()
    {
        var scene = new Scene(256);
        var maps = Enumerable.Range(0, 40).Select(i => scene.Map(i, "a", 4096 * (1 + (i % 3)))).ToList();
        foreach (var map in maps.Where((_, i) => i % 2 == 0))
        {
            scene.Unmap(100 + map, map);
        }

        scene.Map(300, "b", 8192);
        var result = scene.Replay();
        Assert.Equal(41, result.Compared);
        Assert.Equal(result.Compared, result.Equal);
        Assert.Equal(scene.Kernel.UsedUnits, result.Occupancy.Slices[^1].UsedUnits);
    }

    [Fact]
    public void A_place_that_differs_is_counted_once_and_followed()
    {
        var scene = new Scene(256);
        scene.Map(0, "a", 2048);
        var bent = scene.Map(1, "a", 2048);
        scene.Log[bent] = scene.Log[bent] with { BusAddr = Scene.Base + (100 * 2048) };
        var result = PoolReplay.Run(scene.Setup());
        Assert.Equal(2, result.Compared);
        Assert.Equal(1, result.Equal);
        Assert.Equal(100, result.FirstUnits[bent]);
    }

    [Fact]
    public void A_failure_carries_the_state_of_that_moment()
    {
        var scene = new Scene(128);
        for (var i = 0; i < 4; i++)
        {
            scene.Map(i, "greedy", 60 * 1024);
        }

        scene.Map(10, "victim", 32 * 1024);
        var result = scene.Replay();
        var failure = Assert.Single(result.Failures);
        Assert.Equal(120, failure.UsedUnits);
        Assert.Equal(8, failure.FreeUnits);
        Assert.Equal(16, failure.Units);
        Assert.True(failure.ModelAgrees);
        Assert.Equal(4, result.LiveAtMoment.Length);
    }

    [Fact]
    public void The_moment_of_interest_without_failure_is_the_peak()
    {
        var scene = new Scene(256);
        var a = scene.Map(0, "a", 2048);
        var b = scene.Map(1, "a", 2048);
        scene.Unmap(2, a);
        scene.Unmap(3, b);
        var result = scene.Replay();
        Assert.Empty(result.Failures);
        Assert.Equal(2, result.PeakUsedUnits);
        Assert.Equal([a, b], result.LiveAtMoment);
    }
}
