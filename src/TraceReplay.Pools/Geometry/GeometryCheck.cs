using System.Globalization;
using System.Numerics;

namespace TraceReplay.Pools.Geometry;

/// <summary>Refuses geometries no kernel could have, in words that name the value and its range.</summary>
internal static class GeometryCheck
{
    /// <summary>Requires least &lt;= value &lt;= most.</summary>
    public static void Range(long value, long least, long most, string what)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(what, least == most
                ? string.Create(CultureInfo.InvariantCulture, $"{what} is {value}, must be {least}")
                : string.Create(CultureInfo.InvariantCulture, $"{what} is {value}, must be {least} to {most}"));
        }
    }

    /// <summary>Requires a power of two.</summary>
    public static void PowerOfTwo(long value, string what)
    {
        if (!BitOperations.IsPow2(value))
        {
            throw new ArgumentOutOfRangeException(what, string.Create(CultureInfo.InvariantCulture,
                $"{what} is {value}, must be a power of two"));
        }
    }
}
