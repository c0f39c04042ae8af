using TraceReplay.Core;
using TraceReplay.Pools;

namespace TraceReplay.Demand.Planning;

/// <summary>The smallest pool, of the sizes that the machine can be given, in which the most that could be asked for
/// fits.</summary>
internal sealed class PoolSizeSearch(PoolFit fit, PoolGeometry geometry, IReadOnlyList<HostInput> hosts)
{
    private const long MostEntries = 1L << 28; // 1 TiB of 4 KiB entries
    private const long MostSlots = 1L << 26; // what a swiotlb can have (spec swiotlb.md section 1)
    private const long SegmentSlots = 128; // IO_TLB_SEGSIZE: a swiotlb is a whole number of segments

    private readonly long _most = geometry.Kind is PoolKind.Swiotlb or PoolKind.SwiotlbXen ? MostSlots : MostEntries;

    /// <summary>Finds it.</summary>
    public Setting Find()
    {
        var present = Estimate.Exactly(geometry.Units, Basis.Stated, "units of the pool");
        if (geometry.Kind == PoolKind.ScsiDma)
        {
            return new Setting(SettingKind.PoolSize, string.Empty, null, present, "the kernel has no setting for it");
        }

        if (geometry.Kind == PoolKind.Swiotlb && fit.Corner(geometry, hosts, most: true).ExceedsRequestLimit)
        {
            return new Setting(SettingKind.PoolSize, string.Empty, null, present,
                "no size helps: one request is larger than this pool ever serves");
        }

        var units = Doubled();
        return units is { } found
            ? new Setting(SettingKind.PoolSize, string.Empty, geometry.Kind == PoolKind.Swiotlb ? Refined(found) : found, present, string.Empty)
            : new Setting(SettingKind.PoolSize, string.Empty, null, present, $"no size up to {(_most * geometry.UnitBytes) >> 30} GiB is enough");
    }

    /// <summary>Windows, apertures and address spaces come in powers of two.</summary>
    private long? Doubled()
    {
        var demand = fit.Corner(geometry, hosts, most: true).Demand;
        for (var units = geometry.Units; units <= _most; units *= 2)
        {
            if (units >= Math.Min(demand, _most) && fit.Fits(With(units), hosts))
            {
                return units;
            }
        }

        return null;
    }

    private long Refined(long enough)
    {
        var step = SegmentSlots * Math.Max(1, geometry.Areas);
        var (low, high) = (geometry.Units / step, (enough + step - 1) / step);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (fit.Fits(With(middle * step), hosts))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return high * step;
    }

    private PoolGeometry With(long units) => geometry with { Units = units };
}
