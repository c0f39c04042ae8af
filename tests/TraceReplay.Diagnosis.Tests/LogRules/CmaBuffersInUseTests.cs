using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CmaBuffersInUseTests
{
    [Fact]
    public void Buffers_that_dwarf_the_request() =>
        Assert.Equal(Cause.Capacity, Held("69064").One("cma-buffers-in-use").Cause);

    [Fact]
    public void A_few_buffers_do_not_fill_an_area() =>
        Held("1000").Silent("cma-buffers-in-use");

    [Fact]
    public void What_is_in_use_and_cached_is_part_of_what_is_allocated() =>
        Held("1000", ("used", "69064"), ("cached", "69064")).Silent("cma-buffers-in-use");

    private static LogScene Held(string kib, params (string What, string KiB)[] more)
    {
        var scene = new LogScene(PoolKind.Cma).Pages("cma-alloc-failed", 142, ret: "-16").Beside("gpu-buffers", "dumb: BOs", fields: [("kib", kib)]);
        foreach (var (what, size) in more)
        {
            scene.Beside("gpu-buffers", "size bos", fields: [("what", what), ("kib", size)]);
        }

        return scene;
    }
}
