namespace TraceReplay.Replay.Tests;

public class CallerSizeTests
{
    [Theory]
    [InlineData("5.10.7", 3, 3)]
    [InlineData("6.1.192", 0, 0)]
    public void Before_5_14_a_smaller_unmap_leaves_slots_behind(string kernel, long leftBehind, long used)
    {
        var scene = new Scene(128, kernel: kernel);
        var map = scene.Map(0, "a", 8192);
        scene.Unmap(1, map);
        scene.Log[1] = scene.Log[1] with { Bytes = 2048 };
        var result = PoolReplay.Run(scene.Setup());
        Assert.Equal(leftBehind, result.LeftBehindUnits);
        Assert.Equal(used, result.Occupancy.Slices[^1].LargestFreeRun == 128 ? 0 : used);
    }
}
