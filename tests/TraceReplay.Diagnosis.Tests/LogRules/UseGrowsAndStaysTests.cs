using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class UseGrowsAndStaysTests
{
    private static readonly long[] Rising = [922, 946, 959, 952, 1024, 1024, 1024, 1024];

    [Fact]
    public void A_pool_that_fills_and_never_gives_back()
    {
        var said = Grown(Rising).One("use-grows-and-stays");
        Assert.Equal(Cause.Leak, said.Cause);
        Assert.True(said.Confidence < 0.6);
    }

    [Fact]
    public void A_burst_shows_no_staying() =>
        Grown(Rising, step: 0.01).Silent("use-grows-and-stays");

    [Fact]
    public void A_pool_that_was_full_all_along_did_not_grow() =>
        Grown([1024, 1024, 1024, 1024, 1024, 1024]).Silent("use-grows-and-stays");

    private static LogScene Grown(long[] used, double step = 3)
    {
        var scene = new LogScene(PoolKind.Swiotlb);
        for (var i = 0; i < used.Length; i++)
        {
            scene.Full(16384, 1024, used[i], at: 50 + (i * step));
        }

        return scene;
    }
}
