namespace TraceReplay.Demand.Workload;

/// <summary>Makes commands: sizes, buffers and latencies by chance.</summary>
internal sealed class CommandSource(WorkloadScenario scenario, SeededRandom random)
{
    private const long Page = 4096;
    private const long MemoryPages = 1L << 22; // buffers lie anywhere in 16 GiB
    private long _made;

    /// <summary>The next command of a path.</summary>
    public ScsiCommand Make(LunPath path)
    {
        var segments = new List<Segment>();
        var count = random.Between(scenario.Segments.Least, scenario.Segments.Most);
        var left = scenario.MostRequestBytes;
        for (long i = 0; i < count && left > 0; i++)
        {
            var bytes = Math.Min(left, SegmentBytes());
            segments.Add(new Segment((ulong)random.Between(1, MemoryPages) * Page, bytes));
            left -= bytes;
        }

        return new ScsiCommand
        {
            Id = ++_made, Path = path, Segments = [.. segments], Direction = (int)random.Between(1, 2),
            Cpu = (int)random.Between(0, scenario.Cpus - 1),
        };
    }

    /// <summary>Time from mapping to completion, nanoseconds.</summary>
    public long Latency() => random.Between(scenario.LatencyMicroseconds.Least * 1000, scenario.LatencyMicroseconds.Most * 1000);

    /// <summary>Half of the segments are as large as they may be, as in sequential I/O; the others anything, in
    /// pages.</summary>
    private long SegmentBytes()
    {
        var (least, most) = (scenario.SegmentBytes.Least, scenario.SegmentBytes.Most);
        var bytes = (random.Next() & 1) == 0 ? most : random.Between(least, most);
        return bytes >= Page ? bytes / Page * Page : bytes;
    }
}
