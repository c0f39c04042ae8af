using System.Numerics;
using TraceReplay.Core;

namespace TraceReplay.Parsers.CanonicalCsv;

/// <summary>Where the pools of a canonical file lie, from its <c># pool=</c> lines: turns bus addresses into units. Rows of
/// these kinds are what the pool's own allocator did, not what the DMA API was asked for.</summary>
internal sealed class PoolAddresses
{
    private readonly Dictionary<PoolKind, (ulong Base, int Shift)> _places = [];

    /// <summary>Whether rows that name a kind of pool are operations of its allocator. A software IO TLB is told apart by
    /// the addresses instead: the DMA API maps past it too.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <returns>True for the kinds that every mapping of the device goes through.</returns>
    public static bool IsAllocator(PoolKind kind) =>
        kind is PoolKind.Tce or PoolKind.Gart or PoolKind.Calgary or PoolKind.Iova or PoolKind.ScsiDma;

    /// <summary>Bytes of a unit where the file does not say it.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <returns>Bytes.</returns>
    public static long UsualUnitBytes(PoolKind kind) => kind switch
    {
        PoolKind.Swiotlb or PoolKind.SwiotlbXen => 2048,
        PoolKind.ScsiDma => 512,
        _ => 4096,
    };

    /// <summary>Notes what the file says of a pool.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="start">Bus address of its first unit.</param>
    /// <param name="unitBytes">Bytes of a unit; what is no power of two counts as not said.</param>
    public void Set(PoolKind kind, ulong start, long unitBytes) =>
        _places[kind] = (start, BitOperations.Log2((ulong)(BitOperations.IsPow2(unitBytes) ? unitBytes : UsualUnitBytes(kind))));

    /// <summary>The unit of an address, as the events of allocators count them.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="address">Bus address.</param>
    /// <returns>The unit; what lies below the pool's base counts from 0.</returns>
    public ulong UnitOf(PoolKind kind, ulong address)
    {
        var (start, shift) = Of(kind);
        return (address >= start ? address - start : address) >> shift;
    }

    /// <summary>Units that a buffer takes: the pages it touches.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="physical">Address of the buffer; its place in its page counts.</param>
    /// <param name="bytes">Its size.</param>
    /// <returns>Units.</returns>
    public long UnitsOf(PoolKind kind, ulong physical, long bytes)
    {
        var shift = Of(kind).Shift;
        var mask = (1L << shift) - 1;
        var into = kind == PoolKind.ScsiDma ? 0 : (long)physical & mask;
        return (long)(((Int128)bytes + into + mask) >> shift);
    }

    private (ulong Base, int Shift) Of(PoolKind kind) => _places.TryGetValue(kind, out var place)
        ? place
        : (0, BitOperations.Log2((ulong)UsualUnitBytes(kind)));
}
