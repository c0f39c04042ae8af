using TraceReplay.Replay.Tests;

namespace TraceReplay.Diagnosis.Tests;

public class GeometryFromStateTests
{
    [Fact]
    public void Counters_and_answers_tell_size_areas_and_base()
    {
        var scene = new Scene(512, areas: 2);
        for (var i = 0; i < 400; i++)
        {
            var (used0, used1) = (scene.Kernel.AreaUsed(0), scene.Kernel.AreaUsed(1));
            var (next0, next1) = (scene.Kernel.SearchIndex(0), scene.Kernel.SearchIndex(1));
            var map = scene.Map(i, "a", 2048 * (1 + (i % 2)), 0x1000, cpu: i % 2);
            scene.Log[map] = scene.Log[map] with { StateOffset = scene.Log.AddState([(int)used0, (int)next0, (int)used1, (int)next1]) };
            scene.Log[map] = scene.Log[map] with { StateCount = 4 };
        }

        var learned = GeometryFromState.Find(scene.Log, 0, null);
        Assert.NotNull(learned);
        Assert.Equal((512L, 2, Scene.Base), (learned.Units, learned.Areas, learned.Base));
    }

    [Fact]
    public void Without_counters_nothing_is_learned()
    {
        var scene = new Scene(512);
        scene.Map(0, "a", 2048);
        Assert.Null(GeometryFromState.Find(scene.Log, 0, null));
    }
}
