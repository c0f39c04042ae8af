using TraceReplay.Core;

namespace TraceReplay.Replay.Tests;

public class ReachableMappingsTests
{
    private const ulong Low = 0x2000_0000;
    private const ulong High = 0x2_0000_0000;

    private static int[] Found(Scene scene, bool? forced, params (string Device, int Bits)[] masks) =>
        [.. ReachableMappings.Find(scene.Setup(), name => masks.Where(m => m.Device == name).Select(m => (int?)m.Bits).FirstOrDefault(), forced).Order()];

    [Fact]
    public void A_buffer_within_the_mask_needs_no_bounce()
    {
        var scene = new Scene(128);
        var low = scene.Map(1, "nic", 4096, Low);
        scene.Map(2, "nic", 4096, High);
        scene.Map(3, "nic", 4096);
        Assert.Equal([low], Found(scene, false, ("nic", 32)));
    }

    [Theory]
    [InlineData(0xffff_f000UL, 4096, true)]
    [InlineData(0xffff_f001UL, 4096, false)]
    [InlineData(0xffff_ffffUL, 1, true)]
    public void The_last_byte_decides(ulong at, long bytes, bool isReachable)
    {
        var scene = new Scene(128);
        scene.Map(1, "nic", bytes, at);
        Assert.Equal(isReachable ? 1 : 0, Found(scene, false, ("nic", 32)).Length);
    }

    [Fact]
    public void Where_everything_is_forced_nothing_is_needless()
    {
        var scene = new Scene(128);
        scene.Map(1, "nic", 4096, Low);
        Assert.Empty(Found(scene, true, ("nic", 64)));
    }

    [Fact]
    public void On_later_kernels_a_mask_from_elsewhere_is_not_enough()
    {
        var scene = new Scene(128);
        scene.Map(1, "nic", 4096, Low);
        Assert.Empty(Found(scene, null, ("nic", 64)));
        var old = new Scene(128, kernel: "2.6.16");
        old.Map(1, "nic", 4096, Low);
        Assert.Single(Found(old, null, ("nic", 64)));
        scene.Log.Bounces[scene.Log[0].Device] = new BounceCount(1, 4096, 0, uint.MaxValue);
        Assert.Single(Found(scene, null));
    }

    [Fact]
    public void A_bounce_that_says_force_is_forced()
    {
        var scene = new Scene(128);
        scene.Map(1, "nic", 4096, Low);
        scene.Log[0] = scene.Log[0] with { Limit = ulong.MaxValue };
        Assert.Single(Found(scene, null));
        scene.Log.Bounces[scene.Log[0].Device] = new BounceCount(1, 4096, 1, ulong.MaxValue);
        Assert.Empty(Found(scene, null));
    }

    [Fact]
    public void Replayed_without_them_the_others_have_room()
    {
        var scene = new Scene(128, kernel: "2.6.16");
        for (var i = 0; i < 60; i++)
        {
            scene.Map(i, "hba", 4096, Low + ((ulong)i << 12));
        }

        for (var i = 0; i < 10; i++)
        {
            scene.Map(100 + i, "nic", 4096, High + ((ulong)i << 12));
        }

        var setup = scene.Setup();
        setup = setup with { Reachable = ReachableMappings.Find(setup, d => d == "hba" ? 64 : 32, null) };
        var result = PoolReplay.Run(setup);
        Assert.Equal(60, setup.Reachable.Count);
        Assert.NotEmpty(result.Failures);
        Assert.Equal(0, Counterfactual.Run(result, Lifetimes.Learn(result), new Change { WithoutReachable = true }).Failures);
        Assert.NotEqual(0, Counterfactual.Run(result, Lifetimes.Learn(result), new Change()).Failures);
    }
}
