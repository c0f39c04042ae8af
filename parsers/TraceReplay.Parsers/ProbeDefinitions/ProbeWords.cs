using System.Globalization;

namespace TraceReplay.Parsers.ProbeDefinitions;

/// <summary>The words of binding files, and the field names that are understood without one.</summary>
internal static class ProbeWords
{
    private static readonly Dictionary<string, ProbeMeaning> MeaningWords = new(StringComparer.Ordinal)
    {
        ["swiotlb-map"] = ProbeMeaning.SwiotlbMap,
        ["swiotlb-map-return"] = ProbeMeaning.SwiotlbMapReturn,
        ["swiotlb-unmap"] = ProbeMeaning.SwiotlbUnmap,
        ["pool-geometry"] = ProbeMeaning.Geometry,
        ["iova-map"] = ProbeMeaning.IovaMap,
        ["iova-map-return"] = ProbeMeaning.IovaMapReturn,
        ["iova-free"] = ProbeMeaning.IovaFree,
        ["tce-map"] = ProbeMeaning.TceMap,
        ["tce-map-return"] = ProbeMeaning.TceMapReturn,
        ["tce-mapped"] = ProbeMeaning.TceMapped,
        ["tce-failed"] = ProbeMeaning.TceFailed,
        ["tce-free"] = ProbeMeaning.TceFree,
        ["swiotlb-search"] = ProbeMeaning.Search,
        ["swiotlb-search-return"] = ProbeMeaning.SearchReturn,
        ["pool-create"] = ProbeMeaning.PoolCreate,
        ["pool-create-return"] = ProbeMeaning.PoolCreateReturn,
        ["pool-free"] = ProbeMeaning.PoolFree,
    };

    private static readonly Dictionary<string, ProbeMeaning> EventNames = new(StringComparer.Ordinal)
    {
        ["map_in"] = ProbeMeaning.SwiotlbMap,
        ["map_ret"] = ProbeMeaning.SwiotlbMapReturn,
        ["unmap"] = ProbeMeaning.SwiotlbUnmap,
        ["pool"] = ProbeMeaning.Geometry,
        ["iova_in"] = ProbeMeaning.IovaMap,
        ["iova_ret"] = ProbeMeaning.IovaMapReturn,
        ["iova_free"] = ProbeMeaning.IovaFree,
        ["tce_in"] = ProbeMeaning.TceMap,
        ["tce_ret"] = ProbeMeaning.TceMapReturn,
        ["tce_free"] = ProbeMeaning.TceFree,
        ["alloc_ok"] = ProbeMeaning.TceMapped,
        ["alloc_fail"] = ProbeMeaning.TceFailed,
        ["free"] = ProbeMeaning.TceFree,
        ["search"] = ProbeMeaning.Search,
        ["search_ret"] = ProbeMeaning.SearchReturn,
        ["pool_alloc"] = ProbeMeaning.PoolCreate,
        ["pool_alloc_ret"] = ProbeMeaning.PoolCreateReturn,
        ["dyn_free"] = ProbeMeaning.PoolFree,
    };

    // The first name of each field is also its word in binding files.
    private static readonly Dictionary<string, ProbeField> FieldNames = Spread(
        (ProbeField.Device, "device dev dev_name"),
        (ProbeField.Orig, "orig orig_addr orig_phys phys paddr phys_addr addr"),
        (ProbeField.Size, "size msize mapping_size map_size len bytes"),
        (ProbeField.AllocSize, "alloc asize alloc_size"),
        (ProbeField.AlignMask, "align-mask amask align_mask alloc_align_mask"),
        (ProbeField.Direction, "dir direction"),
        (ProbeField.Used, "used total_used io_tlb_used"),
        (ProbeField.Total, "total tot"),
        (ProbeField.Result, "result ret retval"),
        (ProbeField.Address, "address tlb tlb_addr pfn iova"),
        (ProbeField.Pool, "pool tbl table iovad mem"),
        (ProbeField.PoolStart, "start pstart pool_start"),
        (ProbeField.PoolEnd, "end pend pool_end"),
        (ProbeField.PoolUnits, "nslabs pnslabs tsize"),
        (ProbeField.PoolAreas, "nareas pnareas"),
        (ProbeField.Transient, "transient"),
        (ProbeField.Area, "area"),
        (ProbeField.Units, "units npages pages"),
        (ProbeField.Limit, "limit limit_pfn mask"),
        (ProbeField.Entry, "entry"),
        (ProbeField.BusAddress, "bus-address dma dma_addr"),
        (ProbeField.TableOffset, "table-offset toff"),
        (ProbeField.Handle, "handle"),
        (ProbeField.Pass, "pass"),
        (ProbeField.Force, "force force_bounce"),
        (ProbeField.CanGrow, "can_grow"),
        (ProbeField.Rcu, "rcu"));

    /// <summary>All words for meanings.</summary>
    public static IEnumerable<string> Meanings => MeaningWords.Keys;

    /// <summary>Meaning by its word in a binding file.</summary>
    /// <param name="word">The word.</param>
    /// <returns>The meaning, None if it is no word.</returns>
    public static ProbeMeaning Meaning(string word) => MeaningWords.GetValueOrDefault(word);

    /// <summary>Meaning by the event name of this project's own capture script.</summary>
    /// <param name="name">Event name.</param>
    /// <returns>The meaning, None if the name is not one of them.</returns>
    public static ProbeMeaning ByEventName(string name) => EventNames.GetValueOrDefault(name);

    /// <summary>Meaning of a field by its usual name; <c>a0u</c>, <c>a0i</c> are use and next index of area 0.</summary>
    /// <param name="name">Field name.</param>
    /// <returns>Field None if the name tells nothing.</returns>
    public static BoundField Field(string name)
    {
        if (name is "idx" or "index")
        {
            return new BoundField(ProbeField.AreaNext, 0);
        }

        if (name.Length is >= 3 and <= 5 && name[0] == 'a' && name[^1] is 'u' or 'i'
            && int.TryParse(name.AsSpan(1, name.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var area))
        {
            return new BoundField(name[^1] == 'u' ? ProbeField.AreaUsed : ProbeField.AreaNext, area);
        }

        return new BoundField(FieldNames.GetValueOrDefault(name), 0);
    }

    private static Dictionary<string, ProbeField> Spread(params (ProbeField Field, string Names)[] rows) => rows
        .SelectMany(row => row.Names.Split(' ').Select(name => (name, row.Field)))
        .ToDictionary(x => x.name, x => x.Field, StringComparer.Ordinal);
}
