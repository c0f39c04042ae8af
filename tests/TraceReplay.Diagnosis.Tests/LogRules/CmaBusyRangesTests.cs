using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class CmaBusyRangesTests
{
    [Fact]
    public void Many_places_tried_and_all_busy_is_fragmentation() =>
        Assert.Equal(Cause.Fragmentation, Tried((0x2f100, 0x2f20a), (0x2f200, 0x2f30a), (0x2fe00, 0x2ff0a)).One("cma-busy-ranges").Cause);

    [Fact]
    public void Hardly_a_place_to_try_is_a_crowded_area() =>
        Assert.Equal(Cause.Capacity, Tried((0x45900, 0x45dcf), (0x45a00, 0x45ecf)).One("cma-busy-ranges").Cause);

    [Fact]
    public void In_between_nothing_is_said() =>
        Tried((0x1000, 0x1100), (0x1180, 0x1280)).Silent("cma-busy-ranges");

    private static LogScene Tried(params (long From, long To)[] ranges)
    {
        var scene = new LogScene(PoolKind.Cma);
        foreach (var (from, to) in ranges)
        {
            scene.Beside("cma-pages-busy", of: PoolKind.Cma, fields: [("first", $"{from:x}"), ("end", $"{to:x}")]);
        }

        return scene.Pages("cma-alloc-failed", ranges[0].To - ranges[0].From, ret: "-16");
    }
}
