using TraceReplay.Replay.Tests;

namespace TraceReplay.Diagnosis.Tests;

public class LeakRuleTests
{
    [Fact]
    public void Mapping_after_mapping_never_given_back_is_a_leak()
    {
        var scene = new Scene(128);
        for (var i = 0; i < 70; i++)
        {
            scene.Map(i * 100, "leaker", 4096);
            scene.Unmap((i * 100) + 50, MapIfRoom(scene, (i * 100) + 40, "disk"));
        }

        var leak = Assert.Single(LeakRule.Find(scene.Replay()));
        Assert.Equal("leaker", scene.Log.Names.Text(leak.Device));
        Assert.InRange(leak.UnitsPerSecond, 19, 22);
    }

    [Fact]
    public void A_burst_that_is_only_held_is_no_leak()
    {
        var scene = new Scene(128);
        for (var i = 0; i < 60; i++)
        {
            scene.Map(i, "greedy", 4096);
        }

        for (var i = 0; i < 20; i++)
        {
            scene.Map(3000 + (i * 100), "victim", 32 * 1024);
        }

        var result = scene.Replay();
        Assert.NotEmpty(result.Failures);
        Assert.Empty(LeakRule.Find(result));
    }

    [Fact]
    public void What_comes_back_down_is_no_leak()
    {
        var scene = new Scene(128);
        var maps = Enumerable.Range(0, 64).Select(i => scene.Map(i * 10, "a", 4096)).ToList();
        scene.Map(650, "a", 4096);
        foreach (var map in maps)
        {
            scene.Unmap(700, map);
        }

        Assert.Empty(LeakRule.Find(scene.Replay()));
    }

    [Fact]
    public void A_leak_of_every_seventh_mapping_is_found_among_the_returned_ones()
    {
        var scene = new Scene(256);
        for (var i = 0; i < 800 && scene.Kernel.UsedUnits < 250; i++)
        {
            var map = scene.Map(i * 10, "leaker", 2048 * (1 + (i % 3)));
            if (i % 7 != 0 && scene.Log[map].Result == TraceReplay.Replay.OperationResult.Mapped)
            {
                scene.Unmap((i * 10) + 2, map);
            }
        }

        scene.Map(9000, "leaker", 64 * 1024);
        var leak = Assert.Single(LeakRule.Find(scene.Replay()));
        Assert.True(leak.Mappings > 50);
    }

    [Fact]
    public void Nothing_older_than_a_loss_of_events_proves_a_leak()
    {
        var scene = new Scene(128);
        for (var i = 0; i < 70; i++)
        {
            scene.Map(i * 100, "leaker", 4096);
        }

        scene.Log.Losses.Add(new TraceReplay.Replay.LossPoint(62, 100, 1));
        var result = scene.Replay();
        Assert.NotEmpty(result.Failures);
        Assert.Empty(LeakRule.Find(result));
        Assert.Equal(62, result.DoubtfulAtMoment().Count());
    }

    private static int MapIfRoom(Scene scene, long ms, string device)
    {
        var map = scene.Map(ms, device, 2048);
        return scene.Log[map].Result == TraceReplay.Replay.OperationResult.Mapped ? map : scene.Log.Count - 1;
    }
}
