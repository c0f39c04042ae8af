namespace TraceReplay.Benchmarks;

/// <summary>The same measurement in seconds instead of minutes: processor time of the thread, best of several
/// rounds.</summary>
public static class PoolTable
{
    private const int Rounds = 7;
    private const int Operations = 1 << 18;

    /// <summary>Prints the table of nanoseconds per operation.</summary>
    public static void Print(TextWriter output, string filter)
    {
        output.WriteLine("| model | 32768: 25 % | 75 % | 95 % | 524288: 25 % | 75 % | 95 % | bytes allocated |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var load in PoolLoad.All.Where(load => load.ToString().Contains(filter, StringComparison.Ordinal)))
        {
            Measure(new PoolChurn(load, 16384, 25)); // compiles the model's code before it is measured
            output.Write($"| {load} ");
            long bytes = 0;
            foreach (var units in new[] { 32768, 524288 })
            {
                foreach (var fill in new[] { 25, 75, 95 })
                {
                    var (ns, allocated) = Measure(new PoolChurn(load, units, fill));
                    bytes += allocated;
                    output.Write($"| {ns:F0} ");
                }
            }

            output.WriteLine($"| {bytes} |");
        }
    }

    private static (double Ns, long Bytes) Measure(PoolChurn churn)
    {
        var best = double.MaxValue;
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < Rounds; round++)
        {
            var start = ThreadClock.NowNs();
            for (var i = 0; i < Operations; i++)
            {
                churn.Step();
            }

            best = Math.Min(best, (double)(ThreadClock.NowNs() - start) / Operations);
        }

        return (best, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
