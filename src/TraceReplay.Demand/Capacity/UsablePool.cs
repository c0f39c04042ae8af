using TraceReplay.Pools;

namespace TraceReplay.Demand.Capacity;

/// <summary>What of a pool commands of one shape can really get: found by filling an empty model of the kernel's allocator
/// until it refuses. So the rules of each generation count: the last quarter that small requests of 3.6 to 5.12 never
/// reach, entries never handed out, rounding to blocks and slots, alignment, the longest request.</summary>
/// <param name="Commands">Whole commands that fit at once.</param>
/// <param name="Units">Units they and the permanent holdings take.</param>
/// <param name="UnitsPerCommand">Units of one command, 0 if not even one can be served.</param>
/// <param name="MostUnitsPerRequest">Most units that one request can ever have.</param>
/// <param name="LargestRequestUnits">Units of the largest request of a command.</param>
public readonly record struct UsablePool(
    long Commands, long Units, long UnitsPerCommand, long MostUnitsPerRequest, long LargestRequestUnits)
{
    /// <summary>Requests that a fill may take; a larger pool is measured on a part of it.</summary>
    private const long MostRequests = 1 << 20;

    /// <summary>Whether one request of the command is larger than any that this pool serves.</summary>
    public bool ExceedsRequestLimit => LargestRequestUnits > MostUnitsPerRequest;

    /// <summary>Measures a pool.</summary>
    /// <param name="geometry">The pool.</param>
    /// <param name="shape">The commands.</param>
    /// <param name="permanentUnits">Units held for ever by single pages (coherent memory).</param>
    /// <returns>What fits.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The kernel could not have a pool of this geometry.</exception>
    public static UsablePool Measure(PoolGeometry geometry, CommandShape shape, long permanentUnits = 0)
    {
        var model = PoolModels.Create(geometry);
        var perCommand = UnitsOf(model, shape, out var largest);
        if (largest > model.MaxRequestUnits || perCommand <= 0)
        {
            return new UsablePool(0, 0, Math.Max(perCommand, 0), model.MaxRequestUnits, largest);
        }

        var requests = geometry.Units / perCommand * CommandRequests.Count(geometry, shape);
        if (requests > MostRequests && PartOf(geometry, requests) is { } part)
        {
            // The losses of an allocator repeat along the pool: a part tells the share.
            var measured = Measure(part, shape);
            var share = (double)geometry.Units / part.Units;
            var commands = Math.Max(0, (long)(measured.Commands * share) - ((permanentUnits + perCommand - 1) / perCommand));
            return measured with { Commands = commands, Units = (commands * perCommand) + permanentUnits };
        }

        HoldForEver(model, permanentUnits);
        var fitting = Fill(model, shape);
        return new UsablePool(fitting, (fitting * perCommand) + permanentUnits, perCommand, model.MaxRequestUnits, largest);
    }

    /// <summary>Units that one command takes.</summary>
    /// <param name="model">The pool.</param>
    /// <param name="shape">The command.</param>
    /// <param name="largest">Units of its largest request.</param>
    /// <returns>Units.</returns>
    public static long UnitsOf(IPoolModel model, CommandShape shape, out long largest)
    {
        ArgumentNullException.ThrowIfNull(model);
        // All segments are alike.
        largest = model.UnitsFor(CommandRequests.Of(model.Geometry, shape, 0));
        return largest * CommandRequests.Count(model.Geometry, shape);
    }

    private static PoolGeometry? PartOf(PoolGeometry geometry, long requests)
    {
        var units = geometry.Units;
        while (requests > MostRequests && units % 2 == 0)
        {
            (units, requests) = (units / 2, requests / 2);
        }

        // From 1 GiB on a TCE window has four pools: a part must not fall below.
        return units * geometry.UnitBytes >= 1L << 30 && units < geometry.Units ? geometry with { Units = units } : null;
    }

    private static void HoldForEver(IPoolModel model, long units)
    {
        var page = new MapRequest { Units = 1, Bytes = model.Geometry.UnitBytes, SegmentBoundary = uint.MaxValue };
        for (long i = 0; i < units && model.Map(in page).Ok; i++)
        {
            // Each page of coherent memory is a holding of its own.
        }
    }

    private static long Fill(IPoolModel model, CommandShape shape)
    {
        var count = CommandRequests.Count(model.Geometry, shape);
        for (long commands = 0; ; commands++)
        {
            for (long i = 0; i < count; i++)
            {
                if (!model.Map(CommandRequests.Of(model.Geometry, shape, i)).Ok)
                {
                    return commands;
                }
            }
        }
    }
}
