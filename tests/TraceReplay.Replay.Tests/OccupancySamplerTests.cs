namespace TraceReplay.Replay.Tests;

public class OccupancySamplerTests
{
    [Fact]
    public void No_peak_and_no_failure_is_lost_however_long_the_trace()
    {
        var sampler = new OccupancySampler();
        var random = new Random(11);
        long peak = 0;
        long time = 0;
        var failures = 0;
        for (var i = 0; i < 200_000; i++)
        {
            time += random.Next(1, 3_000_000);
            var used = random.Next(0, 1000) + (i == 123_456 ? 5000 : 0);
            var failed = random.Next(100) == 0;
            failures += failed ? 1 : 0;
            peak = Math.Max(peak, used);
            sampler.Note(time, used, failed, () => 7);
        }

        sampler.Close(7);
        Assert.True(sampler.Slices.Count <= 1024);
        Assert.Equal(peak, sampler.Slices.Max(s => s.UsedUnits));
        Assert.Equal(failures, sampler.Slices.Sum(s => s.Failures));
        Assert.Equal(sampler.Slices.OrderBy(s => s.TimeNs), sampler.Slices);
    }
}
