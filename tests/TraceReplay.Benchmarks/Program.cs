using BenchmarkDotNet.Running;
using TraceReplay.Benchmarks;

// "table [MODEL]" prints the quick table; anything else goes to BenchmarkDotNet.
if (args is ["table", ..])
{
    PoolTable.Print(Console.Out, args.ElementAtOrDefault(1) ?? "");
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(PoolBenchmarks).Assembly).Run(args);
