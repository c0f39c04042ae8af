using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Pools.Swiotlb;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>The geometry to replay with, and how it is known.</summary>
/// <param name="Geometry">The geometry.</param>
/// <param name="Origin">The weakest origin among its size and areas.</param>
/// <param name="Forced">Every mapping bounces; null = not told.</param>
/// <param name="CanGrow">The pool grows by itself.</param>
/// <param name="Notes">What was assumed.</param>
public sealed record GeometryChoice(
    PoolGeometry Geometry, GeometryOrigin Origin, bool? Forced, bool CanGrow, IReadOnlyList<string> Notes)
{
    /// <summary>IO_TLB_SHIFT is 11 in every version (spec swiotlb.md, section 1).</summary>
    public const long SlotBytes = 2048;

    /// <summary>Default pool since 2004: 64 MiB (spec swiotlb.md, section 1).</summary>
    private const long DefaultSlots = 32768;

    private static readonly Dictionary<string, long> NoMore = new(StringComparer.Ordinal);

    /// <summary>A pool that grows; when it grew is what the trace says.</summary>
    private static readonly Dictionary<string, long> Dynamic = new(StringComparer.Ordinal)
    {
        [DynamicSwiotlb.Key] = 1, [DynamicSwiotlb.DelayKey] = -1,
    };

    /// <summary>Chooses the geometry of the software IO TLB from what the sources say, best origin first.</summary>
    /// <param name="facts">The case.</param>
    /// <returns>The choice.</returns>
    public static GeometryChoice ForSwiotlb(CaseFacts facts)
    {
        var notes = new List<string>();
        var said = facts.Geometry.Where(g => g.Kind == PoolKind.Swiotlb).OrderBy(g => g.Origin).ToList();
        var units = First(said, g => g.Units is > 0);
        var areas = First(said, g => g.Areas is > 0);
        var place = First(said, g => g.Base is not null);
        var kernel = Kernel(facts, notes);

        var option = CommandLinePool.Read(facts.Machine.CommandLine, kernel);
        var reported = facts.Messages.Where(m => m is { Kind: PoolKind.Swiotlb, TotalUnits: > 0 }).Select(m => m.TotalUnits).LastOrDefault();
        var size = units?.Units ?? PlaceSize(place) ?? reported ?? option?.Slots ?? 0;
        if (size <= 0)
        {
            size = DefaultSlots;
            notes.Add("The size of the pool is not in the input: the default of 32768 slots (64 MiB) is assumed.");
        }

        var areaCount = areas?.Areas ?? option?.Areas ?? 1;
        if (areas is null && option?.Areas is null && KernelVersion.Parse(kernel) >= new KernelVersion(6, 0, 0))
        {
            areaCount = DefaultAreas(facts.Machine.Cpus, size);
            notes.Add($"The number of areas is not in the input: {areaCount} is assumed.");
        }

        var geometry = new PoolGeometry
        {
            Kind = PoolKind.Swiotlb, Kernel = kernel, Units = size, UnitBytes = SlotBytes, Areas = areaCount,
            Base = place?.Base ?? 0, BaseKnown = place is not null,
            PageShift = facts.Machine.Arch is "ppc64le" or "ppc64" ? 16 : 12,
            More = said.Any(g => g.CanGrow == true) && place is not null ? Dynamic : NoMore,
        };
        var origin = units?.Origin ?? place?.Origin
            ?? (reported is not null || option?.Slots is not null ? GeometryOrigin.Log : GeometryOrigin.Default);
        return new GeometryChoice(geometry, origin, First(said, g => g.Forced is not null)?.Forced ?? option?.Forced,
            said.Any(g => g.CanGrow == true), notes);
    }

    private static long? PlaceSize(PoolGeometryFact? place) =>
        place is { Base: { } start, End: { } end } && end > start ? (long)((end - start) / SlotBytes) : null;

    /// <summary>Chooses the geometry of one TCE table: what was read of it, else what the trace's sub-pools show.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="log">The operations.</param>
    /// <param name="pool">Index of the table in the log's pools.</param>
    /// <returns>The choice.</returns>
    public static GeometryChoice ForTce(CaseFacts facts, OperationLog log, int pool)
    {
        var notes = new List<string>();
        var said = facts.Geometry.Where(g => g.Kind == PoolKind.Tce && (g.PoolRef == log.Pools[pool].Ref || g.PoolRef == 0))
            .OrderBy(g => g.PoolRef == 0).ThenBy(g => g.Origin).ToList();
        var table = First(said, g => g.Units is > 0);
        var units = table?.Units ?? EndOfSubPools(log, pool);
        if (table is null)
        {
            notes.Add($"The size of the table is not in the input: {units} entries are taken from the sub-pools the trace names.");
        }

        var more = table?.More ?? new Dictionary<string, long>(StringComparer.Ordinal);
        var geometry = new PoolGeometry
        {
            Kind = PoolKind.Tce,
            Kernel = Kernel(facts, notes),
            Units = units,
            UnitBytes = table?.UnitBytes ?? 4096,
            Areas = table?.Areas is > 1 and var pools ? pools : 0,
            BaseKnown = true,
            More = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["offset"] = more.GetValueOrDefault("it_offset"),
                ["blocksize"] = more.GetValueOrDefault("it_blocksize", 16),
                ["res_start"] = more.GetValueOrDefault("it_reserved_start"),
                ["res_end"] = more.GetValueOrDefault("it_reserved_end"),
            },
        };
        return new GeometryChoice(geometry, table?.Origin ?? GeometryOrigin.Trace, null, false, notes);
    }

    /// <summary>Chooses the geometry of one IOVA domain: the space below the lowest limit that its requests name.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="log">The operations.</param>
    /// <param name="pool">Index of the domain in the log's pools.</param>
    /// <returns>The choice.</returns>
    public static GeometryChoice ForIova(CaseFacts facts, OperationLog log, int pool)
    {
        var notes = new List<string>();
        var limit = ulong.MaxValue;
        var last = 1UL;
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Pool == pool && operation.Kind == OperationKind.Map)
            {
                limit = operation.Limit > 0 ? Math.Min(limit, operation.Limit) : limit;
                last = operation.Result == OperationResult.Mapped ? Math.Max(last, operation.BusAddr) : last;
            }
        }

        var stated = facts.Geometry.Where(g => g is { Kind: PoolKind.Iova, Units: > 0 }).OrderBy(g => g.Origin).FirstOrDefault();
        var geometry = new PoolGeometry
        {
            Kind = PoolKind.Iova,
            Kernel = Kernel(facts, notes),
            Units = stated?.Units ?? (long)Math.Min(limit == ulong.MaxValue ? last : limit, (1UL << 40) - 1) + 1,
            UnitBytes = 4096,
            BaseKnown = true,
            More = new Dictionary<string, long>(StringComparer.Ordinal)
            {
                ["fast"] = 1, ["start_pfn"] = 1, ["ncpus"] = facts.Machine.Cpus ?? 1,
            },
        };
        return new GeometryChoice(geometry, GeometryOrigin.Trace, null, false, notes);
    }

    /// <summary>The end of the last sub-pool, from the probes' own arguments (pass, start, end).</summary>
    private static long EndOfSubPools(OperationLog log, int pool)
    {
        long end = 1;
        for (var i = 0; i < log.Count; i++)
        {
            var operation = log[i];
            if (operation.Pool != pool)
            {
                continue;
            }

            var state = log.StateOf(in operation);
            end = Math.Max(end, state.Length >= 3 ? state[2] : (long)operation.BusAddr + operation.Units);
        }

        return end;
    }

    private static string Kernel(CaseFacts facts, List<string> notes)
    {
        if ((facts.Machine.KernelVersion ?? facts.Machine.KernelRelease) is not { } kernel)
        {
            notes.Add("The kernel version is not in the input: 6.1 is assumed.");
            return "6.1";
        }

        return kernel;
    }

    /// <summary>Default areas = possible CPUs rounded up to a power of two, at least 128 slots each (6.0+).</summary>
    private static int DefaultAreas(int? cpus, long slots)
    {
        var areas = 1;
        while (areas < (cpus ?? 1) && slots / (areas * 2) >= 128)
        {
            areas *= 2;
        }

        return areas;
    }

    private static PoolGeometryFact? First(List<PoolGeometryFact> facts, Func<PoolGeometryFact, bool> has) =>
        facts.FirstOrDefault(has);
}
