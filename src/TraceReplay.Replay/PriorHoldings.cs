using TraceReplay.Pools;

namespace TraceReplay.Replay;

/// <summary>How the place of a prior holding is known.</summary>
public enum PriorBasis
{
    /// <summary>The trace frees it: place, size and device are certain.</summary>
    Freed,

    /// <summary>The kernel's search passed over it: it must have been in use.</summary>
    PassedOver,

    /// <summary>Only the number of units is known (use counter); the place is the likeliest one.</summary>
    Counted,
}

/// <summary>Units that were in use before the trace began.</summary>
/// <param name="FirstUnit">First unit.</param>
/// <param name="Units">Units.</param>
/// <param name="Device">Device in the log's names, 0 = not known.</param>
/// <param name="Basis">How it is known.</param>
public readonly record struct PriorHolding(long FirstUnit, long Units, int Device, PriorBasis Basis);

/// <summary>All holdings from before the trace, and the search indices the allocator had when it began.</summary>
public sealed class PriorHoldings
{
    /// <summary>Nothing was held, all indices 0.</summary>
    public static PriorHoldings None { get; } = new([], []);

    private readonly IReadOnlyList<long> _indices;

    /// <summary>Creates a set.</summary>
    /// <param name="holdings">The holdings.</param>
    /// <param name="indices">Search index of each area, empty = all 0.</param>
    public PriorHoldings(IReadOnlyList<PriorHolding> holdings, IReadOnlyList<long> indices)
    {
        Holdings = holdings;
        _indices = indices;
    }

    /// <summary>The holdings.</summary>
    public IReadOnlyList<PriorHolding> Holdings { get; }

    /// <summary>Units held in all.</summary>
    public long Units => Holdings.Sum(h => h.Units);

    /// <summary>Puts the holdings in place in a fresh model. In a pool of another size those beyond its end are held
    /// elsewhere: they were there before the first request, wherever they lay.</summary>
    /// <param name="model">A fresh model.</param>
    /// <param name="withoutDevice">Leave out this device's, 0 = none.</param>
    /// <returns>Holdings that had to move: first unit as traced to first unit in the model.</returns>
    public IReadOnlyDictionary<long, long> ApplyTo(IPoolModel model, int withoutDevice)
    {
        ArgumentNullException.ThrowIfNull(model);
        var moved = new Dictionary<long, long>();
        var homeless = new List<PriorHolding>();
        foreach (var holding in Holdings.Where(h => withoutDevice == 0 || h.Device != withoutDevice))
        {
            if (holding.FirstUnit + holding.Units <= model.Geometry.Units)
            {
                model.Occupy(holding.FirstUnit, holding.Units);
            }
            else
            {
                homeless.Add(holding);
            }
        }

        long next = 0;
        foreach (var holding in homeless)
        {
            while (next + holding.Units <= model.Geometry.Units && !model.IsFree(next, holding.Units))
            {
                next++;
            }

            if (next + holding.Units <= model.Geometry.Units)
            {
                model.Occupy(next, holding.Units);
                moved[holding.FirstUnit] = next;
            }
        }

        var areas = new AreaMap(model);
        for (var area = 0; area < Math.Min(model.Areas, _indices.Count); area++)
        {
            model.SetSearchIndex(area, _indices[area] % areas.SizeOf(area));
        }

        return moved;
    }
}
