using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis.Capture;

/// <summary>Definitions of kprobes on the allocators' functions, by kernel and architecture; the parser of this project binds them
/// (parsers/README.md, allocator probes). Parameters are those of spec swiotlb.md section 5, iommu-pools.md 1.7 and 3.4.</summary>
public static class AllocatorProbes
{
    private const string DeviceName = "string";

    /// <summary>The layouts of <c>swiotlb_tbl_map_single</c>: kernels from this version on, and its fields by argument. The fifth
    /// argument of 5.15 changed within the stable series (5.15.135 has the align mask) and is left out there.</summary>
    private static readonly (KernelVersion From, string Map, string Unmap)[] Swiotlb =
    [
        (new KernelVersion(3, 7), "dev=1 orig=3 msize=4", "dev=1 tlb=2 msize=3"),
        (new KernelVersion(5, 4), "dev=1 orig=3 msize=4 asize=5 dir=6", "dev=1 tlb=2 msize=3 asize=4"),
        (new KernelVersion(5, 10), "dev=1 orig=2 msize=3 asize=4", "dev=1 tlb=2 msize=3 asize=4"),
        (new KernelVersion(5, 15), "dev=1 orig=2 msize=3 asize=4", "dev=1 tlb=2 msize=3 dir=4"),
        (new KernelVersion(5, 16), "dev=1 orig=2 msize=3 asize=4 amask=5 dir=6", "dev=1 tlb=2 msize=3 dir=4"),
        (new KernelVersion(6, 10), "dev=1 orig=2 msize=3 amask=4 dir=5", "dev=1 tlb=2 msize=3 dir=4 pool=6"),
    ];

    /// <summary>First kernels of each layout of the software IO TLB's functions.</summary>
    public static IReadOnlyList<KernelVersion> SwiotlbLayouts { get; } = [.. Swiotlb.Select(l => l.From)];

    /// <summary>Probes of a pool's allocator.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="kernel">Kernel version.</param>
    /// <param name="convention">Architecture.</param>
    /// <returns>Lines for <c>kprobe_events</c>; none if the allocator cannot be probed this way.</returns>
    public static IReadOnlyList<string> For(PoolKind kind, KernelVersion kernel, CallConvention convention)
    {
        ArgumentNullException.ThrowIfNull(convention);
        return kind switch
        {
            PoolKind.Swiotlb or PoolKind.SwiotlbXen => OfSwiotlb(kernel, convention),
            PoolKind.Tce =>
            [
                Line("p", "tce_in", "iommu_range_alloc", "dev=1 tbl=2 npages=3 mask=5", convention) + Table(kernel, convention, 2),
                "r64:gt/tce_ret iommu_range_alloc ret=$retval:x64",
                Line("p", "tce_free", "__iommu_free", "tbl=1 dma=2 npages=3", convention) + Table(kernel, convention, 1),
            ],
            PoolKind.Iova =>
            [
                Line("p", "iova_in", "alloc_iova_fast", "iovad=1 size=2 limit=3", convention),
                "r64:gt/iova_ret alloc_iova_fast ret=$retval:x64",
                Line("p", "iova_free", "free_iova_fast", "iovad=1 pfn=2 size=3", convention),
            ],
            _ => [],
        };
    }

    /// <summary>Size and offset of the table behind a pointer: struct iommu_table of arch/powerpc/include/asm/iommu.h. it_size is its
    /// second word; it_offset was the third until the indirect levels came in between (4.2; read in 6.1).</summary>
    private static string Table(KernelVersion kernel, CallConvention convention, int position)
    {
        var offset = kernel >= new KernelVersion(4, 2) ? 40 : 16;
        return convention.Argument(position) is { } table
            ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" tsize=+8({table}):u64 toff=+{offset}({table}):u64")
            : string.Empty;
    }

    private static List<string> OfSwiotlb(KernelVersion kernel, CallConvention convention)
    {
        var layout = Swiotlb.LastOrDefault(l => l.From <= kernel);
        if (layout.Map is null)
        {
            return [];
        }

        // The plain name became an inline wrapper: 6.8 has it, 6.12 has the one with underscores (spec swiotlb.md 5).
        var unmap = kernel >= new KernelVersion(6, 10) ? "__swiotlb_tbl_unmap_single" : "swiotlb_tbl_unmap_single";
        return
        [
            Line("p", "map_in", "swiotlb_tbl_map_single", layout.Map, convention),
            "r64:gt/map_ret swiotlb_tbl_map_single ret=$retval:x64",
            Line("p", "unmap", unmap, layout.Unmap, convention),
        ];
    }

    private static string Line(string type, string name, string function, string fields, CallConvention convention)
    {
        var words = new List<string> { $"{type}:gt/{name} {function}" };
        foreach (var field in fields.Split(' '))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var place = convention.Argument(field[equals + 1] - '0');
            if (place is not null)
            {
                words.Add(Fetch(field[..equals], place));
            }
        }

        return string.Join(' ', words);
    }

    /// <summary>A device is known by the name behind the first pointer of <c>struct device</c> (its kobject, include/linux/kobject.h).</summary>
    private static string Fetch(string field, string place) => field switch
    {
        "dev" => $"dev=+0(+0({place})):{DeviceName}",
        "dir" => $"{field}={place}:u32",
        "msize" or "asize" or "size" or "npages" => $"{field}={place}:u64",
        _ => $"{field}={place}:x64",
    };
}
