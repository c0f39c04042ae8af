using TraceReplay.Core;

namespace TraceReplay.Pools.Specs;

/// <summary>A pool as a user names it: <c>swiotlb(kernel=6.1, size=64MiB, areas=4)</c>, <c>tce(kernel=2.6.15,
/// window=256MiB, page=4KiB)</c>, <c>gart(size=64MiB)</c>, <c>iova(limit=32bit)</c>, <c>scsi-dma(sectors=4096)</c>.
/// What it does not say is null and comes from the logs or from <see cref="PoolDefaults"/>.</summary>
public sealed record PoolSpec
{
    /// <summary>The spec as written.</summary>
    public required string Text { get; init; }

    /// <summary>Kind of pool.</summary>
    public required PoolKind Kind { get; init; }

    /// <summary>Kernel version or generation.</summary>
    public string? Kernel { get; init; }

    /// <summary>Units in the pool.</summary>
    public long? Units { get; init; }

    /// <summary>Bytes of a unit.</summary>
    public long? UnitBytes { get; init; }

    /// <summary>Areas or sub-pools.</summary>
    public int? Areas { get; init; }

    /// <summary>log2 of the CPU page size.</summary>
    public int? PageShift { get; init; }

    /// <summary>Bus address of the first unit.</summary>
    public ulong? Base { get; init; }

    /// <summary>Further values, as <see cref="PoolGeometry.More"/>.</summary>
    public IReadOnlyDictionary<string, long> More { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Reads a spec.</summary>
    /// <param name="text">The spec.</param>
    /// <returns>What it says.</returns>
    /// <exception cref="SpecException">It cannot be read, or says something impossible.</exception>
    public static PoolSpec Parse(string text) => PoolSpecReader.Read(text, SpecGrammar.ReadPool(text));

    /// <summary>The geometry this spec asks for.</summary>
    /// <param name="known">What the logs say of the pool, null if nothing; a pool of another kind gives its kernel
    /// only.</param>
    /// <returns>The geometry, and the names of values that are the kernel's defaults because nobody stated
    /// them.</returns>
    public (PoolGeometry Geometry, IReadOnlyList<string> Defaulted) Resolve(PoolGeometry? known)
    {
        var defaulted = new List<string>();
        var same = known?.Kind == Kind ? known : null;
        var kernel = Kernel ?? known?.Kernel;
        if (string.IsNullOrEmpty(kernel))
        {
            kernel = PoolDefaults.Kernel(Kind);
            defaulted.Add("kernel");
        }

        var defaults = PoolDefaults.For(Kind, kernel);
        if (Units is null && same is null)
        {
            defaulted.Add("size");
        }

        var start = same ?? defaults;
        var unitBytes = UnitBytes ?? start.UnitBytes;
        return (start with
        {
            Kernel = kernel,
            Units = Units ?? UnitsOfSameBytes(start, unitBytes),
            UnitBytes = unitBytes,
            Areas = Areas ?? start.Areas,
            PageShift = PageShift ?? start.PageShift,
            Base = Base ?? start.Base,
            BaseKnown = Base is not null || start.BaseKnown,
            More = Merge(start.More, More),
        }, defaulted);
    }

    private static long UnitsOfSameBytes(PoolGeometry start, long unitBytes) =>
        unitBytes == start.UnitBytes ? start.Units : (long)((Int128)start.Units * start.UnitBytes / unitBytes);

    private static Dictionary<string, long> Merge(IReadOnlyDictionary<string, long> under, IReadOnlyDictionary<string, long> over)
    {
        var merged = new Dictionary<string, long>(under, StringComparer.Ordinal);
        foreach (var (key, value) in over)
        {
            merged[key] = value;
        }

        return merged;
    }
}
