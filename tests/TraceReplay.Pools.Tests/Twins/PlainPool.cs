namespace TraceReplay.Pools.Tests.Twins;

/// <summary>An allocator restated as plainly as can be: arrays of bits and the kernel's own scan, step by step. Slow,
/// and the oracle of the fast models.</summary>
public abstract class PlainPool
{
    public const string Fail = "FAIL";
    public const string Hang = "HANG";

    /// <summary>Answer: <c>FAIL</c>, <c>HANG</c>, or first unit, units and offset.</summary>
    public abstract string Map(MapRequest request);

    public abstract void Unmap(long first, long units, int cpu);

    /// <summary>Which units are in use.</summary>
    public abstract bool IsUsed(long unit);

    /// <summary>Everything but the bitmap: indexes and hints.</summary>
    public abstract string Hints();
}
