using TraceReplay.Core;

namespace TraceReplay.Diagnosis.Tests.LogRules;

public class RoomLeftByNumberTests
{
    [Fact]
    public void Enough_was_free_but_not_in_a_run()
    {
        var said = new LogScene(PoolKind.Swiotlb).Full(36_864, 1024, 528).Full(65_536, 1024, 528).Full(4096, 1024, 1024).One("room-left-by-number");
        Assert.Equal((Cause.Fragmentation, 2), (said.Cause, said.Lines!.Count));
    }

    [Fact]
    public void One_line_may_be_a_race() =>
        Assert.True(new LogScene(PoolKind.Swiotlb).Full(36_864, 1024, 528).One("room-left-by-number").Confidence < 0.6);

    [Fact]
    public void A_whole_segment_from_an_empty_pool_is_no_matter_of_pieces()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Full(262_144, 32768, 0).Full(262_144, 32768, 12);
        scene.Silent("room-left-by-number");
        Assert.Equal((Cause.SegmentLimit, 0.7), (scene.Diagnose().Cause, scene.Diagnose().Confidence));
    }

    [Fact]
    public void A_nearly_full_pool_is_short() =>
        new LogScene(PoolKind.Swiotlb).Full(4096, 32768, 31415).Silent("room-left-by-number");

    [Fact]
    public void A_tables_layout_loss_is_smaller()
    {
        new LogScene(PoolKind.Tce).Full(65_536, 65536, 59_500, family: "tce-alloc-failed").Silent("room-left-by-number");
        Assert.Equal(Cause.Fragmentation, new LogScene(PoolKind.Tce).Full(65_536, 65536, 58_200, family: "tce-alloc-failed").One("room-left-by-number").Cause);
    }

    [Fact]
    public void All_areas_were_tried()
    {
        var scene = new LogScene(PoolKind.Swiotlb).Full(131_072, 4096, 100);
        scene.Add(new PoolGeometryFact(PoolKind.Swiotlb, scene.Next(), GeometryOrigin.Log) { Areas = 8 });
        Assert.Contains("all 8 areas of 512 slots", scene.One("room-left-by-number").Because, StringComparison.Ordinal);
    }
}
