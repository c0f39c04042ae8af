using System.Globalization;

namespace TraceReplay.Parsers.ProbeDefinitions;

/// <summary>Parameters of the allocators' functions by kernel version, and the registers they come in.</summary>
internal static class FunctionParameters
{
    // System V x86-64, AAPCS64, ELFv2 ppc64, s390x ELF and RISC-V: integer arguments in order. No register stands in two of them.
    private static readonly string[][] Registers =
    [
        ["di", "si", "dx", "cx", "r8", "r9"],
        ["x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7"],
        ["gpr3", "gpr4", "gpr5", "gpr6", "gpr7", "gpr8", "gpr9", "gpr10"],
        ["r2", "r3", "r4", "r5", "r6"],
        ["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7"],
    ];

    private static readonly Version NoAllocSize = new(6, 10);
    private static readonly Version AlignMask = new(5, 15, 135);
    private static readonly Version NoBusBase = new(5, 10);
    private static readonly Version TwoSizes = new(5, 4);
    private static readonly Version OneUnmapSize = new(5, 15);

    /// <summary>The parameters of a function (spec swiotlb.md, section 5).</summary>
    /// <param name="function">Function name.</param>
    /// <param name="kernel">Upstream version, null = the newest.</param>
    /// <returns>Their meanings in order, empty if the function is not known.</returns>
    public static ProbeField[] Of(string function, Version? kernel)
    {
        var version = kernel ?? new Version(99, 0);
        return function switch
        {
            "swiotlb_tbl_map_single" => SwiotlbMap(version),
            "swiotlb_tbl_unmap_single" or "__swiotlb_tbl_unmap_single" => version >= OneUnmapSize || version < TwoSizes
                ? [ProbeField.Device, ProbeField.Address, ProbeField.Size, ProbeField.Direction, ProbeField.None, ProbeField.Pool]
                : [ProbeField.Device, ProbeField.Address, ProbeField.Size, ProbeField.AllocSize, ProbeField.Direction],
            "alloc_iova_fast" => [ProbeField.Pool, ProbeField.Units, ProbeField.Limit],
            "iommu_range_alloc" => [ProbeField.Device, ProbeField.Pool, ProbeField.Units, ProbeField.Handle, ProbeField.Limit],
            "__iommu_free" => [ProbeField.Pool, ProbeField.BusAddress, ProbeField.Units],
            "free_iova_fast" => [ProbeField.Pool, ProbeField.Address, ProbeField.Units],
            _ => [],
        };
    }

    /// <summary>Which parameter an expression fetches directly, or as the name behind a device pointer.</summary>
    /// <param name="expression">For example <c>%si:x64</c>, <c>$arg2</c>, <c>+0(+0(%di)):string</c>.</param>
    /// <returns>1-based position, 0 if it fetches something else.</returns>
    public static int Position(string expression)
    {
        var core = expression;
        if (core.StartsWith("+0(+0(", StringComparison.Ordinal) && core.EndsWith(")):string", StringComparison.Ordinal))
        {
            core = core["+0(+0(".Length..^")):string".Length];
        }

        var colon = core.IndexOf(':', StringComparison.Ordinal);
        core = colon < 0 ? core : core[..colon];
        if (core.StartsWith("$arg", StringComparison.Ordinal))
        {
            return int.TryParse(core.AsSpan(4), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        }

        if (core == "$stack1")
        {
            return 7;
        }

        return core.StartsWith('%') ? Registers.Max(set => Array.IndexOf(set, core[1..]) + 1) : 0;
    }

    /// <summary>The displacement of a memory fetch (<c>-80($arg1)</c> is -80).</summary>
    /// <param name="expression">The expression.</param>
    /// <returns>The displacement, 0 if there is none.</returns>
    public static long Displacement(string expression)
    {
        var end = expression.IndexOf('(', StringComparison.Ordinal);
        return end > 0 && long.TryParse(expression.AsSpan(0, end), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : 0;
    }

    private static ProbeField[] SwiotlbMap(Version version)
    {
        if (version >= NoAllocSize)
        {
            return [ProbeField.Device, ProbeField.Orig, ProbeField.Size, ProbeField.AlignMask, ProbeField.Direction];
        }

        if (version >= AlignMask)
        {
            return [ProbeField.Device, ProbeField.Orig, ProbeField.Size, ProbeField.AllocSize, ProbeField.AlignMask, ProbeField.Direction];
        }

        if (version >= NoBusBase)
        {
            return [ProbeField.Device, ProbeField.Orig, ProbeField.Size, ProbeField.AllocSize, ProbeField.Direction];
        }

        return version >= TwoSizes
            ? [ProbeField.Device, ProbeField.None, ProbeField.Orig, ProbeField.Size, ProbeField.AllocSize, ProbeField.Direction]
            : [ProbeField.Device, ProbeField.None, ProbeField.Orig, ProbeField.Size, ProbeField.Direction];
    }
}
