using System.Diagnostics;
using System.Globalization;

namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>Changes and reads the inputs of one case on all processors.</summary>
/// <param name="name">Name of the case.</param>
/// <param name="seed">Another seed gives other changes.</param>
internal sealed class MutationRun(string name, ulong seed)
{
    // A change is read within a millisecond; what takes this long on the busiest machine never ends.
    private static readonly TimeSpan Hang = TimeSpan.FromMinutes(2);

    // Some are read again: as they are, and cut.
    private const int AgainEvery = 128;
    private const int CutEvery = 16;
    private const int AtOnce = 32;

    private readonly MutationCase _case = MutationCase.All[name]();
    private readonly ulong _seed = seed;
    private readonly Lock _gate = new();
    private int _next;
    private int _end;
    private (int Number, string Problem)? _worst;
    private long _mostAllocated;

    /// <summary>What was measured, for people.</summary>
    public string Measured { get; private set; } = string.Empty;

    /// <summary>Reads changed inputs.</summary>
    /// <param name="from">Number of the first change.</param>
    /// <param name="count">How many.</param>
    /// <returns>The first change that something is wrong with and how to see it again, null if all holds.</returns>
    public string? Run(int from, int count)
    {
        // What is made once for all is made here.
        var reading = new SafeReading(_case.Format);
        foreach (var input in _case.Seeds)
        {
            _ = reading.Check(input, input.Length);
            if (Check(reading, input, input.Length) is { } problem)
            {
                return $"{name}: an input that was not changed: {problem}";
            }
        }

        (_next, _end) = (from, from + count);
        var clock = Stopwatch.GetTimestamp();
        var workers = Enumerable.Range(0, Math.Min(Environment.ProcessorCount, count)).Select(_ => new Worker(this)).ToArray();
        foreach (var worker in workers)
        {
            while (!worker.Join(TimeSpan.FromSeconds(1)))
            {
                if (Array.Find(workers, w => w.IsLong) is { } hung)
                {
                    return Told(hung.Number, "it does not end");
                }
            }
        }

        var each = Stopwatch.GetElapsedTime(clock).TotalMicroseconds / Math.Max(count, 1);
        Measured = string.Create(CultureInfo.InvariantCulture, $"{name}: {count} changes, {each:F0} us each on {workers.Length} processors, at most {_mostAllocated >> 10} KiB");
        return _worst is { } worst ? Told(worst.Number, worst.Problem) : null;
    }

    private static int Lines(ReadOnlySpan<byte> text) => text.Count((byte)'\n') + (text.IsEmpty || text[^1] == '\n' ? 0 : 1);

    /// <summary>Leaves something else in the buffers that the next reading takes from the pool.</summary>
    private static void SoilBuffers()
    {
        const int Most = 1 << 17;
        foreach (var bytes in new[] { 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 17, Containers.BlockPump.Headroom + Containers.BlockPump.BlockBytes })
        {
            var rented = System.Buffers.ArrayPool<byte>.Shared.Rent(bytes);
            rented.AsSpan(0, Math.Min(rented.Length, Most)).Fill(0xa5);
            if (rented.Length > Containers.BlockPump.Headroom)
            {
                rented.AsSpan(Containers.BlockPump.Headroom - (Most / 2), Most).Fill((byte)'\n');
            }

            System.Buffers.ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private string Told(int number, string problem) =>
        $"{name}, seed {_seed}, change {number}: {problem}\nAgain, with the input kept: TRACEREPLAY_MUTATION_SEED={_seed} TRACEREPLAY_MUTATION={number} "
        + $"dotnet test -c Release tests/TraceReplay.Parsers.Tests --filter \"DisplayName~survived&DisplayName~{name.Split(',')[0]}\"";

    /// <summary>Holds what must hold for every input.</summary>
    private string? Check(SafeReading reading, byte[] bytes, int length)
    {
        if (reading.Check(bytes, length) is { } problem)
        {
            return problem;
        }

        return _case.IsOfLines && reading.IsPlain && reading.Records != Lines(bytes.AsSpan(0, length))
            ? $"{reading.Records} records of {Lines(bytes.AsSpan(0, length))} lines"
            : null;
    }

    /// <summary>Holds what is looked at for some inputs: that they say the same again, and no more when they are cut.</summary>
    private string? CheckAgain(SafeReading reading, Mutator mutator, int number)
    {
        var (bytes, length) = (mutator.Bytes, mutator.Length);
        if (number % AgainEvery == 0)
        {
            var first = reading.Digest(bytes, length);
            SoilBuffers();
            return first != reading.Digest(bytes, length) ? "it says something else when it is read again" : null;
        }

        if (_case.IsOfLines && reading.IsPlain && number % CutEvery == 1 && length > 0)
        {
            var whole = reading.Records;
            var cut = bytes.AsSpan(0, number % length).LastIndexOf((byte)'\n') + 1;
            return reading.Check(bytes, cut) is { } problem ? $"cut after {cut} bytes: {problem}"
                : reading.IsPlain && reading.Records > whole ? $"cut after {cut} bytes it has {reading.Records} records, and {whole} as a whole"
                : null;
        }

        return null;
    }

    private sealed class Worker
    {
        private readonly MutationRun _run;
        private readonly Thread _thread;
        private long _since = Stopwatch.GetTimestamp();
        private volatile int _number;

        public Worker(MutationRun run)
        {
            _run = run;
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public int Number => _number;

        public bool IsLong => _thread.IsAlive && Stopwatch.GetElapsedTime(Interlocked.Read(ref _since)) > Hang;

        public bool Join(TimeSpan time) => _thread.Join(time);

        private void Run()
        {
            try
            {
                ReadAll();
            }
            catch (Exception e)
            {
                // On a thread of its own it would end the process, and nothing would say which change it was.
                Failed(Number, e.ToString());
            }
        }

        private void ReadAll()
        {
            var mutator = new Mutator(_run._case);
            var reading = new SafeReading(_run._case.Format);
            long most = 0;
            for (int start; (start = Interlocked.Add(ref _run._next, AtOnce) - AtOnce) < Volatile.Read(ref _run._end);)
            {
                for (var number = start; number < Math.Min(start + AtOnce, Volatile.Read(ref _run._end)); number++)
                {
                    _number = number;
                    Interlocked.Exchange(ref _since, Stopwatch.GetTimestamp());
                    mutator.Change(_run._seed, number);
                    var problem = _run.Check(reading, mutator.Bytes, mutator.Length);
                    most = Math.Max(most, reading.Allocated);
                    if ((problem ?? _run.CheckAgain(reading, mutator, number)) is { } found)
                    {
                        Failed(number, found);
                        return;
                    }
                }
            }

            lock (_run._gate)
            {
                _run._mostAllocated = Math.Max(_run._mostAllocated, most);
            }
        }

        /// <summary>The others end their part, so that the first one that fails is told.</summary>
        private void Failed(int number, string problem)
        {
            lock (_run._gate)
            {
                _run._end = Math.Min(_run._end, number);
                _run._worst = _run._worst is { } worst && worst.Number < number ? worst : (number, problem);
            }
        }
    }
}
