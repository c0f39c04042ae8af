namespace TraceReplay.Core;

/// <summary>A block of events in source order, with the variable-length parts beside it. Reused through a pool by the
/// pipeline: a receiver must not keep it after it handed it back.</summary>
public sealed class EventBatch
{
    /// <summary>How many events a batch holds at most.</summary>
    public const int Capacity = 4096;

    /// <summary>The events; only the first <see cref="Count"/> are valid.</summary>
    public TraceEvent[] Events { get; } = new TraceEvent[Capacity];

    /// <summary>Number of valid events.</summary>
    public int Count { get; set; }

    /// <summary>Area state of the events: see <see cref="TraceEvent.StateOffset"/>.</summary>
    public int[] State { get; private set; } = new int[Capacity * 8];

    /// <summary>Number of valid ints in <see cref="State"/>.</summary>
    public int StateCount { get; private set; }

    /// <summary>The names the ids in the events refer to.</summary>
    public NameTable Names { get; set; } = NameTable.Shared;

    /// <summary>The valid events.</summary>
    public ReadOnlySpan<TraceEvent> Span => Events.AsSpan(0, Count);

    /// <summary>Whether no further event fits.</summary>
    public bool IsFull => Count == Capacity;

    /// <summary>Appends one event.</summary>
    /// <param name="item">The event; copied.</param>
    public void Add(in TraceEvent item) => Events[Count++] = item;

    /// <summary>Appends area state and returns its offset.</summary>
    /// <param name="values">Pairs (used, next index).</param>
    /// <returns>The value for <see cref="TraceEvent.StateOffset"/>.</returns>
    public int AddState(ReadOnlySpan<int> values)
    {
        var offset = StateCount;
        if (offset + values.Length > State.Length)
        {
            var larger = new int[Math.Max(State.Length * 2, offset + values.Length)];
            State.AsSpan(0, offset).CopyTo(larger);
            State = larger;
        }

        values.CopyTo(State.AsSpan(offset));
        StateCount = offset + values.Length;
        return offset;
    }

    /// <summary>The area state of one event of this batch.</summary>
    /// <param name="item">An event of this batch.</param>
    /// <returns>Pairs (used, next index), empty if the event has none.</returns>
    public ReadOnlySpan<int> StateOf(in TraceEvent item) => State.AsSpan(item.StateOffset, item.StateCount);

    /// <summary>Empties the batch for reuse.</summary>
    public void Clear()
    {
        Count = 0;
        StateCount = 0;
    }
}
