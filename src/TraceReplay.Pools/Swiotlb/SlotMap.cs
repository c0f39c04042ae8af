using TraceReplay.Pools.Bitmaps;

namespace TraceReplay.Pools.Swiotlb;

/// <summary>Which slots are free, by segments of 128. Stands for the kernel's <c>list[]</c>, whose value at a slot is
/// the length of the free run from there to the end of its segment (spec section 2, <c>take</c> and
/// <c>free</c>).</summary>
internal sealed class SlotMap
{
    // A phase costs a byte store at each free. Requests of random alignment on 64 KiB pages use 33; beyond this many
    // the further ones share the bounds of phase (1, 0).
    private const int MostPhases = 40;

    private readonly Bits128[] _free;
    private readonly SlotPhase?[] _phaseOf = new SlotPhase?[2 * Slot.SegmentSlots];
    private readonly List<SlotPhase> _phases = [];

    /// <summary>A map with every slot free.</summary>
    /// <param name="slots">Slots, 1 to 2^26.</param>
    public SlotMap(int slots)
    {
        Slots = slots;
        _free = new Bits128[(slots + Slot.SegmentSlots - 1) >> Slot.SegmentShift];
        _free.AsSpan().Fill(Bits128.Ones);
        _free[^1] = Bits128.Below(slots - ((_free.Length - 1) << Slot.SegmentShift));
        Any = PhaseOf(1, 0);
    }

    /// <summary>Number of slots.</summary>
    public int Slots { get; }

    /// <summary>The phase of requests that may begin anywhere.</summary>
    public SlotPhase Any { get; }

    /// <summary>The phase of requests that begin at every <paramref name="step"/>-th slot from
    /// <paramref name="residue"/>.</summary>
    /// <param name="step">Power of two, 1 to 128.</param>
    /// <param name="residue">0 to step - 1.</param>
    public SlotPhase PhaseOf(int step, int residue) => _phaseOf[step - 1 + residue] ?? AddPhase(step, residue);

    /// <summary>The first slot of [from, to) in a phase that begins <paramref name="n"/> free slots of one segment and
    /// does not cross the boundary; -1 if none.</summary>
    public int Find(int from, int to, int n, SlotPhase phase, in SlotBoundary boundary)
    {
        if (n > Slot.SegmentSlots || from >= to || !boundary.Allows(n))
        {
            return -1;
        }

        var end = ((to - 1) >> Slot.SegmentShift) + 1;
        var segment = phase.Bounds.Next(from >> Slot.SegmentShift, end, n);
        while (segment >= 0)
        {
            var slot = Look(segment, from, to, n, phase, boundary);
            if (slot >= 0)
            {
                return slot;
            }

            segment = phase.Bounds.Next(segment + 1, end, n);
        }

        return -1;
    }

    /// <summary>The first area of [from, end) in which a segment may have a run of <paramref name="n"/> slots, -1 if
    /// none.</summary>
    public int NextArea(int from, int end, int areaSlots, int n)
    {
        var segments = areaSlots >> Slot.SegmentShift;
        var segment = n > Slot.SegmentSlots ? -1 : Any.Bounds.Next(from * segments, end * segments, n);
        return segment < 0 ? -1 : segment / segments;
    }

    /// <summary>Length of the free run from a slot to the end of its segment: the kernel's <c>list[slot]</c>.</summary>
    public int FreeRunAt(int slot)
    {
        var offset = slot & (Slot.SegmentSlots - 1);
        return _free[slot >> Slot.SegmentShift].RunEnd(offset) - offset;
    }

    /// <summary>How many of slots [slot, slot + n), all of one segment, are free.</summary>
    public int CountFree(int slot, int n) => (_free[slot >> Slot.SegmentShift] & Piece(slot, n)).Count;

    /// <summary>Takes slots [slot, slot + n), all of one segment.</summary>
    /// <returns>How many were free before.</returns>
    public int Take(int slot, int n)
    {
        var piece = Piece(slot, n);
        ref var free = ref _free[slot >> Slot.SegmentShift];
        var taken = (free & piece).Count;
        free &= ~piece;
        return taken;
    }

    /// <summary>Frees slots [slot, slot + n), all of one segment; those free already stay so.</summary>
    /// <returns>How many were in use.</returns>
    public int Release(int slot, int n)
    {
        var piece = Piece(slot, n);
        ref var free = ref _free[slot >> Slot.SegmentShift];
        var given = n - (free & piece).Count;
        free |= piece;
        var offset = slot & (Slot.SegmentSlots - 1);
        var begin = free.RunBegin(offset);
        var end = free.RunEnd(offset);
        foreach (var phase in _phases)
        {
            phase.Freed(slot >> Slot.SegmentShift, begin, end);
        }

        return given;
    }

    /// <summary>The longest free run inside a segment.</summary>
    public int LongestRun()
    {
        var longest = 0;
        foreach (var free in _free)
        {
            longest = longest == Slot.SegmentSlots || (longest > 0 && free.RunStarts(longest).IsEmpty)
                ? longest
                : Math.Max(longest, free.LongestRun(Bits128.Ones));
        }

        return longest;
    }

    /// <summary>Slots from <paramref name="slot"/> to <paramref name="end"/> or to the end of its segment.</summary>
    public static int PieceLength(int slot, int end) =>
        Math.Min(end, (slot | (Slot.SegmentSlots - 1)) + 1) - slot;

    private static Bits128 Piece(int slot, int n)
    {
        var offset = slot & (Slot.SegmentSlots - 1);
        return Bits128.Range(offset, offset + n);
    }

    private int Look(int segment, int from, int to, int n, SlotPhase phase, in SlotBoundary boundary)
    {
        var first = segment << Slot.SegmentShift;
        var runs = _free[segment].RunStarts(n);
        if ((runs & phase.BoundStarts).IsEmpty)
        {
            Lower(segment, phase, runs.IsEmpty);
            return -1;
        }

        var starts = runs & phase.Starts
            & Bits128.Range(Math.Max(0, from - first), Math.Min(Slot.SegmentSlots, to - first));
        while (!starts.IsEmpty)
        {
            var at = starts.First;
            if (boundary.NeverInsideSegment || !boundary.IsCrossedBy(first + at, n))
            {
                return first + at;
            }

            starts &= ~Bits128.Below(at + 1);
        }

        return -1;
    }

    private void Lower(int segment, SlotPhase phase, bool everywhere)
    {
        phase.Bounds.Lower(segment, _free[segment].LongestRun(phase.BoundStarts));
        if (everywhere && phase != Any)
        {
            Any.Bounds.Lower(segment, _free[segment].LongestRun(Bits128.Ones));
        }
    }

    private SlotPhase AddPhase(int step, int residue)
    {
        var own = _phases.Count < MostPhases;
        var phase = new SlotPhase(step, residue, _free.Length, own ? null : Any.Bounds);
        if (own)
        {
            _phases.Add(phase);
        }

        _phaseOf[step - 1 + residue] = phase;
        return phase;
    }
}
