using System.Diagnostics;
using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers;

namespace TraceReplay.Benchmarks;

/// <summary>How fast the parser alone is: events per second of CPU time, nothing stored, nothing replayed.</summary>
internal static class ParserRate
{
    public static void Print(TextWriter output, string input)
    {
        for (var run = 0; run < 4; run++)
        {
            var sink = new CountingSink();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var parsing = ThreadSeconds();
            var clock = Stopwatch.StartNew();
            InputReader.Read([input], new ReaderOptions(), sink, CancellationToken.None);
            clock.Stop();
            var busy = Process.GetCurrentProcess().TotalProcessorTime - cpu;
            parsing = ThreadSeconds() - parsing;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(run == 0 ? "warm-up" : "run    ")} {sink.Count} events, {clock.Elapsed.TotalSeconds:F3} s wall, {busy.TotalSeconds:F3} s CPU (reading and unpacking included): {sink.Count / clock.Elapsed.TotalSeconds / 1e6:F2} M events/s wall, {sink.Count / busy.TotalSeconds / 1e6:F2} M events/s of one core; the parsing thread alone {parsing:F3} s CPU, {sink.Count / parsing / 1e6:F2} M events/s"));
        }
    }

    /// <summary>CPU time of this thread: the first number of its schedstat, nanoseconds.</summary>
    private static double ThreadSeconds() => double.Parse(
        File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e9;

    private sealed class CountingSink : IRecordSink
    {
        private readonly EventBatch[] _batches = [new EventBatch(), new EventBatch()];
        private int _next;

        public long Count { get; private set; }

        public bool BeginSource(SourceInfo source) => true;

        public EventBatch RentBatch()
        {
            var batch = _batches[_next++ & 1];
            batch.Clear();
            return batch;
        }

        public void Events(EventBatch batch) => Count += batch.Count;

        public void Fact(Fact fact)
        {
        }

        public void Report(Diagnostic diagnostic)
        {
        }

        public void EndSource(SourceSummary summary)
        {
        }

        public void Progress(string path, long doneBytes, long totalBytes)
        {
        }
    }
}
