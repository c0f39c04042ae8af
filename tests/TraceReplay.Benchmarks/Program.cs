using BenchmarkDotNet.Running;
using TraceReplay.Benchmarks;

// "table [MODEL]" prints the quick table; anything else goes to BenchmarkDotNet.
if (args is ["table", ..])
{
    PoolTable.Print(Console.Out, args.ElementAtOrDefault(1) ?? "");
    return;
}

// "parse INPUT" prints the parser's own rate.
if (args is ["parse", var input])
{
    ParserRate.Print(Console.Out, input);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(PoolBenchmarks).Assembly).Run(args);
