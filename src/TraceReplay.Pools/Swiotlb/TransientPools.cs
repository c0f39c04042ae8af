namespace TraceReplay.Pools.Swiotlb;

/// <summary>The transient pools of a swiotlb that grows: each holds one mapping and goes with it (spec/swiotlb.md
/// section 8). Every pool gets units that no other ever had.</summary>
internal sealed class TransientPools
{
    /// <summary>Units from here on belong to transient pools.</summary>
    public const long FirstUnit = 1L << 40;

    private const int Span = 1 << 10; // units from the first of one pool to the first of the next

    private readonly Dictionary<long, long> _slots = []; // by first unit

    /// <summary>Slots of all pools that live.</summary>
    public long Units { get; private set; }

    /// <summary>Pools made so far.</summary>
    public long Made { get; private set; }

    /// <summary>Makes a pool.</summary>
    /// <param name="slots">Slots, 1 to 1024.</param>
    /// <returns>Its first unit.</returns>
    public long Add(long slots)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(slots, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slots, Span);
        var first = FirstUnit + (Made++ * Span);
        _slots[first] = slots;
        Units += slots;
        return first;
    }

    /// <summary>Ends the pool that a unit belongs to; nothing happens if there is none.</summary>
    public void Remove(long unit) =>
        Units -= _slots.Remove(unit - ((unit - FirstUnit) % Span), out var slots) ? slots : 0;
}
