using TraceReplay.Core;

namespace TraceReplay.Pools.Specs;

/// <summary>What the value of a key means.</summary>
internal enum SpecMeaning
{
    /// <summary>Kernel version or generation.</summary>
    Kernel,

    /// <summary>Size of the pool in bytes.</summary>
    Size,

    /// <summary>Number of units.</summary>
    Units,

    /// <summary>Size of the unit in bytes.</summary>
    UnitBytes,

    /// <summary>Bytes of a CPU page.</summary>
    Page,

    /// <summary>Number of areas or sub-pools.</summary>
    Areas,

    /// <summary>Bus address of the first unit.</summary>
    Base,

    /// <summary>Width of the address space, <c>32bit</c>.</summary>
    Bits,

    /// <summary>A number kept in <see cref="PoolGeometry.More"/>.</summary>
    More,

    /// <summary>yes or no, kept in <see cref="PoolGeometry.More"/> as 1 or 0.</summary>
    Switch,
}

/// <summary>One key of a pool's spec.</summary>
/// <param name="Name">The key.</param>
/// <param name="Meaning">What its value means.</param>
/// <param name="Stored">Name in <see cref="PoolGeometry.More"/>, where that is its place.</param>
internal readonly record struct SpecKey(string Name, SpecMeaning Meaning, string Stored = "");

/// <summary>The keys of each kind of pool that a spec can name.</summary>
internal static class PoolSpecKeys
{
    private static readonly SpecKey Kernel = new("kernel", SpecMeaning.Kernel);
    private static readonly SpecKey Size = new("size", SpecMeaning.Size);
    private static readonly SpecKey UnitPage = new("page", SpecMeaning.UnitBytes);
    private static readonly SpecKey Base = new("base", SpecMeaning.Base);

    private static readonly Dictionary<PoolKind, SpecKey[]> Keys = new()
    {
        [PoolKind.Swiotlb] =
        [
            Kernel, Size, new("slabs", SpecMeaning.Units), new("slots", SpecMeaning.Units),
            new("areas", SpecMeaning.Areas), Base, new("page", SpecMeaning.Page),
            new("dynamic", SpecMeaning.Switch, "dynamic"),
        ],
        [PoolKind.Tce] =
        [
            Kernel, new("window", SpecMeaning.Size), Size, new("entries", SpecMeaning.Units), UnitPage,
            new("pools", SpecMeaning.Areas), Base, new("offset", SpecMeaning.More, "offset"),
            new("blocksize", SpecMeaning.More, "blocksize"),
        ],
        [PoolKind.Gart] =
        [
            Kernel, Size, new("pages", SpecMeaning.Units), Base, new("fullflush", SpecMeaning.Switch, "fullflush"),
        ],
        [PoolKind.Calgary] = [Kernel, Size, new("entries", SpecMeaning.Units), Base],
        [PoolKind.Iova] =
        [
            Kernel, new("limit", SpecMeaning.Bits), UnitPage, new("start", SpecMeaning.More, "start_pfn"),
            new("cpus", SpecMeaning.More, "ncpus"), new("rcache", SpecMeaning.Switch, "fast"),
        ],
        [PoolKind.ScsiDma] = [Kernel, Size, new("sectors", SpecMeaning.Units), new("page", SpecMeaning.Page)],
    };

    /// <summary>Names of the kinds a spec can name.</summary>
    public static IEnumerable<string> Kinds => Keys.Keys.Select(kind => kind.Name());

    /// <summary>The keys of a kind, empty if a spec cannot name it.</summary>
    public static IReadOnlyList<SpecKey> Of(PoolKind kind) => Keys.TryGetValue(kind, out var keys) ? keys : [];
}
