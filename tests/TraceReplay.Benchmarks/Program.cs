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

// "log MEGABYTES [HITS_PER_MILLE [SEED]]" writes a kernel log to standard output.
if (args is ["log", ..])
{
    int[] numbers = [.. args[1..].Select(a => int.Parse(a, System.Globalization.CultureInfo.InvariantCulture))];
    var (megabytes, hits, seed) = (numbers[0], numbers.Length > 1 ? numbers[1] : 10, numbers.ElementAtOrDefault(2));
    using var output = Console.OpenStandardOutput();
    var lines = LogGenerator.Write(output, megabytes * 1_000_000L, hits, seed);
    Console.Error.WriteLine($"{lines} lines");
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(PoolBenchmarks).Assembly).Run(args);
