using TraceReplay.Replay;
using TraceReplay.Replay.Tests;

namespace TraceReplay.Diagnosis.Tests;

public class GenerationFitTests
{
    /// <summary>A kernel that calls itself 6.1 but places mappings as 2.6.32 did.</summary>
    private static PoolReplayResult Backported()
    {
        var scene = new Scene(1024, kernel: "2.6.32");
        for (var i = 0; i < 200; i++)
        {
            scene.Map(i, "a", i % 2 == 0 ? 100 : 4096, 0x1000);
        }

        var setup = scene.Setup() with { Geometry = scene.Geometry with { Kernel = "6.1.192" } };
        return PoolReplay.Run(setup);
    }

    [Fact]
    public void A_backported_allocator_is_recognised_by_its_places()
    {
        var asTold = Backported();
        Assert.True(asTold.Equal < asTold.Compared);
        var better = GenerationFit.FindBetter(asTold);
        Assert.NotNull(better);
        Assert.Equal(better.Compared, better.Equal);
    }

    [Fact]
    public void A_model_that_fits_is_kept()
    {
        var scene = new Scene(1024);
        for (var i = 0; i < 200; i++)
        {
            scene.Map(i, "a", i % 2 == 0 ? 100 : 4096, 0x1000);
        }

        Assert.Null(GenerationFit.FindBetter(scene.Replay()));
    }
}
