namespace TraceReplay.Replay;

/// <summary>Where the units of a pool lie on the bus: the pool itself, and the pools that a dynamic swiotlb added.</summary>
internal sealed class UnitPlaces(PoolSetup setup)
{
    private readonly List<(ulong Base, ulong End, long FirstUnit)> _added = [];

    /// <summary>A pool was added.</summary>
    /// <param name="start">Bus address of its first unit.</param>
    /// <param name="units">Its units.</param>
    /// <param name="firstUnit">Number of its first unit.</param>
    public void Add(ulong start, long units, long firstUnit) =>
        _added.Add((start, start + ((ulong)units * (ulong)setup.Geometry.UnitBytes), firstUnit));

    /// <summary>The unit of a bus address.</summary>
    /// <param name="busAddr">Address of a mapping.</param>
    /// <returns>The unit, -1 if no pool holds the address.</returns>
    public long UnitOf(ulong busAddr)
    {
        foreach (var (start, end, firstUnit) in _added)
        {
            if (busAddr >= start && busAddr < end)
            {
                return firstUnit + (long)((busAddr - start) / (ulong)setup.Geometry.UnitBytes);
            }
        }

        return setup.UnitOf(busAddr);
    }
}
