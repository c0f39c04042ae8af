using TraceReplay.Pools;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Diagnosis;

/// <summary>Refuses pools that no kernel could have, in the user's own words.</summary>
internal static class PossiblePool
{
    private const long MostUnits = 1L << 30;

    /// <summary>Checks a geometry that a spec asks for.</summary>
    /// <param name="geometry">The geometry, null = the trace's own.</param>
    /// <param name="spec">The spec as written.</param>
    /// <exception cref="SpecException">No kernel could have such a pool.</exception>
    public static void Require(PoolGeometry? geometry, string spec)
    {
        if (geometry is null)
        {
            return;
        }

        if (geometry.Units is < 1 or > MostUnits)
        {
            throw new SpecException(spec, 0, "a pool of 1 to 2^30 units", "the size is out of range");
        }

        if (Problem(geometry) is { } problem)
        {
            throw new SpecException(spec, 0, "a pool that a kernel could have", problem);
        }
    }

    /// <summary>What makes a geometry impossible.</summary>
    /// <param name="geometry">A geometry that a source states.</param>
    /// <returns>The reason, null if a kernel could have such a pool.</returns>
    public static string? Problem(PoolGeometry geometry)
    {
        try
        {
            PoolModels.Create(geometry);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or NotSupportedException)
        {
            return exception.Message.Split(['\n', '('])[0].TrimEnd();
        }
    }
}
