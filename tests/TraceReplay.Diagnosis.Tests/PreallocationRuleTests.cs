using TraceReplay.Replay.Tests;

namespace TraceReplay.Diagnosis.Tests;

/// <summary>What is held for commands that are not in flight, told from leaks, from commands in flight and from rings.</summary>
public class PreallocationRuleTests
{
    private const int Luns = 10;
    private const int Depth = 4;

    /// <summary>Ten LUN paths get four maps each when they are set up, one second apart.</summary>
    private static Scene SetUp(bool coherent, Func<int, string>? lun = null)
    {
        var scene = new Scene(256);
        for (var path = 0; path < Luns; path++)
        {
            for (var command = 0; command < Depth; command++)
            {
                Keep(scene, (path * 1000) + command, (lun ?? (n => $"0:0:0:{n}"))(path), coherent);
            }
        }

        return scene;
    }

    private static int Keep(Scene scene, long ms, string lun, bool coherent)
    {
        var map = scene.Map(ms, "hba", 4096, (ulong)(0x100000 + (scene.Log.Count * 0x1000)));
        scene.Log[map] = scene.Log[map] with { Consumer = scene.Log.Names.Intern(lun) };
        scene.Log[map] = scene.Log[map] with { Coherent = coherent };
        return map;
    }

    private static void Command(Scene scene, long ms, string lun) => scene.Unmap(ms + 1, Keep(scene, ms, lun, coherent: false));

    [Fact]
    public void Memory_kept_for_each_lun_is_found()
    {
        var found = Assert.Single(PreallocationRule.Find(SetUp(coherent: true).Replay()));
        Assert.Equal((Luns, Depth, 4096L, Luns * Depth), (found.LunPaths, found.MapsPerPath, found.BytesPerMap, found.Operations.Length));
    }

    // Streaming maps prove it only beside commands that come and go.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(40, 1)]
    public void Maps_far_older_than_commands_get_are_no_commands(int commands, int findings)
    {
        var scene = SetUp(coherent: false);
        for (var i = 0; i < commands; i++)
        {
            Command(scene, 20_000 + (i * 10), $"0:0:0:{i % Luns}");
        }

        Assert.Equal(findings, PreallocationRule.Find(scene.Replay()).Count);
    }

    [Fact]
    public void What_is_kept_once_commands_run_is_not_set_up_in_advance()
    {
        var scene = new Scene(256);
        for (var path = 0; path < Luns; path++)
        {
            Command(scene, path * 1000, $"0:0:0:{path}");
            for (var command = 0; command < Depth; command++)
            {
                Keep(scene, (path * 1000) + 10 + command, $"0:0:0:{path}", coherent: true);
            }
        }

        Assert.Empty(PreallocationRule.Find(scene.Replay()));
    }

    [Fact]
    public void What_grows_on_all_luns_together_is_a_leak()
    {
        var scene = new Scene(64);
        for (var round = 0; round < 8; round++)
        {
            for (var path = 0; path < Luns; path++)
            {
                Keep(scene, (round * 1000) + path, $"0:0:0:{path}", coherent: true);
            }
        }

        var result = scene.Replay();
        Assert.Empty(PreallocationRule.Find(result));
        Assert.NotEmpty(LeakRule.Find(result));
    }

    [Fact]
    public void As_many_for_each_path_or_it_is_no_pattern()
    {
        var scene = new Scene(256);
        for (var path = 0; path < Luns; path++)
        {
            for (var command = 0; command <= path; command++)
            {
                Keep(scene, (path * 1000) + command, $"0:0:0:{path}", coherent: true);
            }
        }

        Assert.Empty(PreallocationRule.Find(scene.Replay()));
    }

    [Fact]
    public void Rings_of_interfaces_are_not_meant() =>
        Assert.Empty(PreallocationRule.Find(SetUp(coherent: true, lun: n => $"eth{n}").Replay()));

    [Fact]
    public void What_is_set_aside_is_no_leak()
    {
        var scene = SetUp(coherent: true);
        for (var i = 0; i < 40; i++)
        {
            Keep(scene, 10_000 + (i * 250), "0:0:0:99", coherent: true);
        }

        var result = scene.Replay();
        Assert.NotEmpty(LeakRule.Find(result));
        Assert.All(LeakRule.Find(result, PreallocationRule.Find(result)), leak => Assert.DoesNotContain(leak.Operations, o => o < Luns * Depth));
    }
}
