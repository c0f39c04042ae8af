using BenchmarkDotNet.Running;
using TraceReplay.Benchmarks;
using TraceReplay.TestSupport;

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

// "make-trace-dat FILE TIMES" writes a large trace.dat: the pages of the fixture, again and again, later each time.
if (args is ["make-trace-dat", var file, var times])
{
    var fixture = Path.Combine(Places.Checkout, "tests", "TraceReplay.Parsers.Tests", "fixtures", "trace-dat.version_6_without_symbols.dat.zst");
    using var packed = new TraceReplay.Parsers.Containers.ZstdStream(File.OpenRead(fixture));
    using var whole = new MemoryStream();
    packed.CopyTo(whole);
    using var target = File.Create(file);
    GrownTraceDat.Write(whole.ToArray(), int.Parse(times, System.Globalization.CultureInfo.InvariantCulture), target);
    return;
}

BenchmarkSwitcher.FromAssembly(typeof(PoolBenchmarks).Assembly).Run(args);
