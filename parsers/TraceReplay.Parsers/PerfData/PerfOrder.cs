namespace TraceReplay.Parsers.PerfData;

/// <summary>Brings samples into the order of time. perf writes the buffers of all CPUs round by round: what was written before a
/// round cannot come after anything of the round after next (tools/perf/util/ordered-events.c).</summary>
/// <param name="deliver">Takes the samples in order; of equal times the first written comes first.</param>
internal sealed class PerfOrder(Action<PerfSample> deliver)
{
    // Files without marks of rounds: beyond this the oldest go on, so that memory stays bounded.
    private const int MostPending = 1 << 19;
    private const long MostPendingBytes = 64L << 20;

    private readonly PriorityQueue<PerfSample, (ulong Time, long Number)> _pending = new();
    private long _number;
    private long _bytes;
    private ulong _newest;
    private ulong _safe;

    /// <summary>Takes a sample.</summary>
    /// <param name="sample">The sample.</param>
    public void Add(PerfSample sample)
    {
        _newest = Math.Max(_newest, sample.Time);
        _bytes += sample.Raw.Length + sample.Chain.Length;
        _pending.Enqueue(sample, (sample.Time, _number++));
        while (_pending.Count > MostPending || _bytes > MostPendingBytes)
        {
            Deliver();
        }
    }

    /// <summary>A round ends: what is not newer than the round before is complete.</summary>
    public void EndRound()
    {
        Deliver(_safe);
        _safe = _newest;
    }

    /// <summary>Delivers what is left.</summary>
    public void Finish() => Deliver(ulong.MaxValue);

    private void Deliver(ulong until)
    {
        while (_pending.TryPeek(out _, out var priority) && priority.Time <= until)
        {
            Deliver();
        }
    }

    private void Deliver()
    {
        var sample = _pending.Dequeue();
        _bytes -= sample.Raw.Length + sample.Chain.Length;
        deliver(sample);
    }
}
