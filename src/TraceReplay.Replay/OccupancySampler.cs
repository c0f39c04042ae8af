using TraceReplay.Core;

namespace TraceReplay.Replay;

/// <summary>Use over one slice of time.</summary>
/// <param name="TimeNs">Start of the slice.</param>
/// <param name="UsedUnits">Highest use in it.</param>
/// <param name="LargestFreeRun">Longest free run when the slice ended.</param>
/// <param name="Failures">Failing mappings in it.</param>
public readonly record struct OccupancySlice(long TimeNs, long UsedUnits, long LargestFreeRun, int Failures);

/// <summary>Records use over time in a bounded number of slices; when they run out, neighbours are merged and the width
/// doubles, so no peak is ever lost.</summary>
public sealed class OccupancySampler
{
    private const int MaxSlices = 1024;
    private readonly List<OccupancySlice> _slices = [];
    private long _width = 1_000_000;
    private long _peak;
    private int _failures;
    private long _start = TraceEvent.NoTime;

    /// <summary>The slices so far.</summary>
    public IReadOnlyList<OccupancySlice> Slices => _slices;

    /// <summary>Notes the use at a moment.</summary>
    /// <param name="timeNs">Time.</param>
    /// <param name="used">Units in use.</param>
    /// <param name="failed">A mapping failed here.</param>
    /// <param name="largestRun">Called when a slice ends.</param>
    public void Note(long timeNs, long used, bool failed, Func<long> largestRun)
    {
        if (timeNs == TraceEvent.NoTime)
        {
            return;
        }

        if (_start == TraceEvent.NoTime)
        {
            _start = timeNs;
        }

        if (timeNs - _start >= _width)
        {
            Close(largestRun());
            _start += (timeNs - _start) / _width * _width;
            _peak = used;
            _failures = 0;
        }

        _peak = Math.Max(_peak, used);
        _failures += failed ? 1 : 0;
    }

    /// <summary>Ends the last slice.</summary>
    /// <param name="largestRun">Longest free run now.</param>
    public void Close(long largestRun)
    {
        if (_start == TraceEvent.NoTime)
        {
            return;
        }

        _slices.Add(new OccupancySlice(_start, _peak, largestRun, _failures));
        if (_slices.Count == MaxSlices)
        {
            Merge();
        }
    }

    private void Merge()
    {
        for (var i = 0; i < MaxSlices / 2; i++)
        {
            var (a, b) = (_slices[2 * i], _slices[(2 * i) + 1]);
            _slices[i] = new OccupancySlice(
                a.TimeNs, Math.Max(a.UsedUnits, b.UsedUnits), Math.Min(a.LargestFreeRun, b.LargestFreeRun),
                a.Failures + b.Failures);
        }

        _slices.RemoveRange(MaxSlices / 2, MaxSlices / 2);
        _width *= 2;
    }
}
