namespace TraceReplay.Replay.Tests;

/// <summary>Commands of a LUN beyond its queue depth wait.</summary>
public class ConsumerLimitTests
{
    /// <summary>Eighteen commands of two mappings and 8 slots each in a pool of 128: 12 of LUN 1, 6 of LUN 2; the last two
    /// are refused.</summary>
    private static PoolReplayResult TwoLuns()
    {
        var scene = new Scene(128);
        var mapped = new List<int>();
        for (var command = 0; command < 18; command++)
        {
            for (var part = 0; part < 2; part++)
            {
                var map = scene.Map(10 + command, "hba", 8 * 1024, (ulong)(0x100000 + (command * 0x10000) + (part * 0x2000)));
                scene.Log[map] = scene.Log[map] with { Consumer = scene.Log.Names.Intern(command % 3 == 0 ? "0:0:0:2" : "0:0:0:1") };
                if (scene.Log[map].Result == OperationResult.Mapped)
                {
                    mapped.Add(map);
                }
            }
        }

        mapped.ForEach(map => scene.Unmap(100, map));
        return scene.Replay();
    }

    private static CounterfactualResult Try(PoolReplayResult actual, long depth) =>
        Counterfactual.Run(actual, Lifetimes.Learn(actual), new Change { MaxCommandsPerConsumer = depth });

    [Fact]
    public void The_load_of_luns_is_measured()
    {
        var load = ConsumerLoad.Measure(TwoLuns());
        Assert.Equal((10, 2), (load.DeepestQueue, load.BusiestLuns)); // of 16 commands that fit, 10 are of LUN 1
        Assert.Equal(8, load.UnitsPerCommand);
    }

    [Fact]
    public void Without_a_limit_it_fails_as_it_did() => Assert.Equal(TwoLuns().Failures.Count, Try(TwoLuns(), 100).Failures);

    // 8 of LUN 1 and 6 of LUN 2 are 14 commands of 8 slots; at 1 there are two.
    [Theory]
    [InlineData(8, 112)]
    [InlineData(1, 16)]
    public void A_queue_depth_keeps_the_rest_waiting(long depth, long peak)
    {
        var result = Try(TwoLuns(), depth);
        Assert.Equal((0, peak), (result.Failures, result.PeakUsedUnits));
        Assert.True(result.Deferred > 0);
    }

    [Fact]
    public void Mappings_without_a_lun_are_not_limited()
    {
        var scene = new Scene(128);
        for (var i = 0; i < 20; i++)
        {
            scene.Map(10 + i, "nic", 2048, (ulong)(0x100000 + (i * 0x10000)));
        }

        var actual = scene.Replay();
        Assert.Equal(0, ConsumerLoad.Measure(actual).DeepestQueue);
        Assert.Equal(20, Try(actual, 1).PeakUsedUnits);
    }

    // Set aside in one instant and for one LUN, and still one for each command.
    [Theory]
    [InlineData(true, 6, 2)]
    [InlineData(false, 1, 12)]
    public void What_is_set_aside_is_so_for_one_command_each(bool coherent, int deepest, long peakAtOne)
    {
        var scene = new Scene(128);
        for (var i = 0; i < 6; i++)
        {
            var map = scene.Map(10, "hba", 4096, (ulong)(0x100000 + (i * 0x10000)));
            scene.Log[map] = scene.Log[map] with { Consumer = scene.Log.Names.Intern("0:0:0:1") };
            scene.Log[map] = scene.Log[map] with { Coherent = coherent };
        }

        var actual = scene.Replay();
        Assert.Equal(deepest, ConsumerLoad.Measure(actual).DeepestQueue);
        Assert.Equal(peakAtOne, Try(actual, 1).PeakUsedUnits);
    }

    // A LUN that could have three commands asks three times, one that could have two asks twice, whether it gets anything or not.
    [Fact]
    public void A_refused_set_aside_counts_as_asked()
    {
        var scene = new Scene(128);
        for (var i = 0; i < 99; i++)
        {
            var map = scene.Map(10 + i, "hba", 4096, (ulong)(0x100000 + (i * 0x10000)));
            scene.Log[map] = scene.Log[map] with { Consumer = scene.Log.Names.Intern($"0:0:0:{i / 3}") };
            scene.Log[map] = scene.Log[map] with { Coherent = true };
        }

        var actual = scene.Replay();
        Assert.Equal((35, 66 - 64, 0), (actual.Failures.Count, (int)Try(actual, 2).Failures, (int)Try(actual, 1).Failures));
    }
}
