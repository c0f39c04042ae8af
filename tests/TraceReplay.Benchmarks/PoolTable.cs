using System.Diagnostics;
using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Benchmarks;

/// <summary>The same measurement in seconds instead of minutes: best of several rounds by the stopwatch.</summary>
public static class PoolTable
{
    private const int Rounds = 7;
    private const int Operations = 1 << 18;

    /// <summary>The models measured.</summary>
    public static IEnumerable<PoolModelInfo> Models =>
        PoolModels.All.Where(info => info.Kind is PoolKind.Swiotlb or PoolKind.Tce or PoolKind.Gart or PoolKind.Iova);

    /// <summary>Geometry of a pool to measure.</summary>
    public static PoolGeometry Geometry(string model, int units)
    {
        var info = PoolModels.All.Single(info => info.Name == model);
        return new PoolGeometry
        {
            Kind = info.Kind,
            Kernel = info.Generation,
            Units = units,
            UnitBytes = info.Kind == PoolKind.Swiotlb ? 2048 : 4096,
            Base = info.Kind == PoolKind.Swiotlb ? 0x70000000u : 0u,
            More = new Dictionary<string, long>(StringComparer.Ordinal) { ["blocksize"] = 16 },
        };
    }

    /// <summary>Prints the table of nanoseconds per operation.</summary>
    public static void Print(TextWriter output, string filter)
    {
        output.WriteLine("| model | 32768: 25 % | 75 % | 95 % | 524288: 25 % | 75 % | 95 % | bytes allocated |");
        output.WriteLine("|---|---|---|---|---|---|---|---|");
        foreach (var model in Models.Where(model => model.Name.Contains(filter, StringComparison.Ordinal)))
        {
            output.Write($"| {model.Name} ");
            long bytes = 0;
            foreach (var units in new[] { 32768, 524288 })
            {
                foreach (var fill in new[] { 25, 75, 95 })
                {
                    var (ns, allocated) = Measure(new PoolChurn(Geometry(model.Name, units), fill));
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
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < Operations; i++)
            {
                churn.Step();
            }

            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds / Operations);
        }

        return (best, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
