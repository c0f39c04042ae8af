using System.Text.Json;
using TraceReplay.Diagnosis;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>A pool of the report as a row.</summary>
internal static class PoolRows
{
    /// <summary>Makes the row.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>The row; equal pools give equal rows.</returns>
    public static PoolRow Of(PoolReport pool) => new()
    {
        Kind = pool.Kind, Model = pool.Model, UnitBytes = pool.UnitBytes, Units = pool.Units, Areas = pool.Areas,
        GeometryFrom = pool.GeometryFrom, GeometryJson = GeometryJson(pool),
    };

    private static string GeometryJson(PoolReport pool)
    {
        var values = new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["unit_bytes"] = pool.UnitBytes, ["units"] = pool.Units, ["areas"] = pool.Areas,
        };
        if (pool.Base is { } start)
        {
            values["base"] = $"0x{start:x}";
        }

        foreach (var (name, value) in pool.More)
        {
            values[name] = value;
        }

        return JsonSerializer.Serialize(values);
    }
}
