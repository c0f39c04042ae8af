using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>The slots at which one kind of request may begin: every <c>step</c>-th slot of a segment from
/// <c>residue</c> on. Each phase in use keeps its own bounds, so an odd-aligned hole never hides that nothing
/// fits.</summary>
internal sealed class SlotPhase
{
    private readonly int _step;
    private readonly int _residue;

    /// <summary>Makes a phase.</summary>
    /// <param name="step">Power of two, 1 to 128.</param>
    /// <param name="residue">0 to step - 1.</param>
    /// <param name="segments">Segments of the pool.</param>
    /// <param name="bounds">Bounds to share, null for bounds of its own.</param>
    public SlotPhase(int step, int residue, int segments, RunBounds? bounds)
    {
        _step = step;
        _residue = residue;
        Starts = Bits128.Every(step, residue);
        BoundStarts = bounds is null ? Starts : Bits128.Ones;
        Bounds = bounds ?? new RunBounds(segments);
    }

    /// <summary>The slots of a segment at which a request may begin.</summary>
    public Bits128 Starts { get; }

    /// <summary>The slots for which <see cref="Bounds"/> speaks.</summary>
    public Bits128 BoundStarts { get; }

    /// <summary>Bound of the free run from an allowed slot, for each segment.</summary>
    public RunBounds Bounds { get; }

    /// <summary>Takes note that slots [from, to) of a segment are one free run now.</summary>
    public void Freed(int segment, int from, int to)
    {
        var first = from + ((_residue - from) & (_step - 1));
        if (first < to)
        {
            Bounds.Raise(segment, to - first);
        }
    }
}
