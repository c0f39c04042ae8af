using BenchmarkDotNet.Attributes;

namespace TraceReplay.Benchmarks;

/// <summary>One operation (a request or a release) of each model at three fills of two pool sizes.</summary>
[MemoryDiagnoser]
public class PoolBenchmarks
{
    private const int Operations = 1 << 16;

    private PoolChurn _churn = null!;

    [ParamsSource(nameof(Loads))]
    public PoolLoad Load { get; set; } = PoolLoad.All[0];

    [Params(32768, 524288)]
    public int Units { get; set; }

    [Params(25, 75, 95)]
    public int FillPercent { get; set; }

    public static IEnumerable<PoolLoad> Loads => PoolLoad.All;

    [GlobalSetup]
    public void Fill() => _churn = new PoolChurn(Load, Units, FillPercent);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Operation()
    {
        for (var i = 0; i < Operations; i++)
        {
            _churn.Step();
        }
    }
}
