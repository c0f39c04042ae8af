using System.Globalization;
using TraceReplay.Demand.Capacity;
using TraceReplay.Demand.Planning;
using TraceReplay.Pools;
using TraceReplay.Pools.ScsiDma;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Demand.MidLayer;

/// <summary>The plan for the SCSI pool of 2.4: what the mid-layer wants for all LUN paths against where it stops growing,
/// and what the commands in flight still get (spec/demand-side.md 1.1).</summary>
internal sealed class PreallocationPlan
{
    // GFP_DMA memory of x86 lies below 16 MiB; ppc64 and ia64 have no such limit.
    private const int IsaZoneSectors = (16 << 20) / 512;

    private readonly IReadOnlyList<HostInput> _hosts;
    private readonly (int Least, int Most) _scatterlist;
    private readonly long _room;
    private readonly bool _hasIsaZone;

    private PreallocationPlan(PlanInput input, PoolGeometry geometry)
    {
        _hosts = input.Hosts;
        _scatterlist = ScatterlistSize.Of(input.Arch);
        _hasIsaZone = input.Arch is "i386" or "i586" or "i686" or "x86_64";
        _room = Math.Min(geometry.Units, _hasIsaZone ? IsaZoneSectors : ScsiDmaSizing.MostSectors);
    }

    /// <summary>Makes the plan.</summary>
    /// <param name="input">The question.</param>
    /// <param name="spec">The pool as written.</param>
    /// <param name="geometry">Its geometry; its units are an upper limit.</param>
    /// <returns>The answer.</returns>
    public static PoolPlan Make(PlanInput input, PoolSpec spec, PoolGeometry geometry) =>
        new PreallocationPlan(input, geometry).Make(spec, geometry);

    private PoolPlan Make(PoolSpec spec, PoolGeometry geometry)
    {
        var least = Preallocation.Of(Sectors(_hosts, most: false), _hosts.Count);
        var most = Preallocation.Of(Sectors(_hosts, most: true), _hosts.Count);
        var pool = geometry with { Units = Math.Min(_room, Math.Max(16, most.PoolSectors)) };
        var inFlight = InFlight(pool, out var tables);
        var verdict = most.WantedSectors <= _room ? Verdict.Fits : least.WantedSectors <= _room ? Verdict.Depends : Verdict.DoesNotFit;
        return new PoolPlan
        {
            Spec = spec.Text,
            Geometry = pool with { Units = _room },
            Model = PoolModels.Create(pool).Name,
            Defaulted = [],
            Count = 1,
            Hosts = [.. _hosts.Select(Row)],
            Demand = new Estimate(least.WantedSectors, most.WantedSectors, Basis.KernelRule, "scsi_resize_dma_pool: tables of every command of every LUN path"),
            Usable = Estimate.Exactly(_room, Basis.KernelRule, _hasIsaZone ? "GFP_DMA memory lies below 16 MiB" : "the kernel's cap of 65,520 sectors"),
            UsableCommands = new Estimate(tables.Least, tables.Most, Basis.KernelRule, "tables of at most a page"),
            ExceedsRequestLimit = false,
            MostUnitsPerRequest = PoolModels.Create(pool).MaxRequestUnits,
            Verdict = verdict,
            Settings = verdict == Verdict.Fits ? [] : Settings(),
            Notes = [.. Notes(most, inFlight, tables)],
        };
    }

    private HostPlan Row(HostInput host)
    {
        var each = new Estimate(TableSectors(host.Segments.Least, _scatterlist.Least), TableSectors(host.Segments.Most, _scatterlist.Most),
            Basis.KernelRule, "sg_tablesize times sizeof(struct scatterlist), in sectors");
        var commands = HostDemand.Depths(host);
        return new HostPlan(host, commands, each, Estimate.Exactly(0, Basis.KernelRule, "none"), commands.Times(each), LimitedByHost: false);
    }

    private long Sectors(IEnumerable<HostInput> hosts, bool most)
    {
        var rows = hosts.Select(Row).Select(row => most ? row.Demand.Most : row.Demand.Least);
        return rows.Aggregate(0L, (sum, value) => Math.Min(sum + value, Estimate.Ceiling));
    }

    private static long TableSectors(long segments, int scatterlist) =>
        ScsiDmaSizing.SectorsOfLun((int)Math.Min(segments, ushort.MaxValue), scatterlist, 1);

    /// <summary>Commands that could be in flight, and how many of them find a table in the pool.</summary>
    private Estimate InFlight(PoolGeometry pool, out (long Least, long Most) tables)
    {
        var smallest = new CommandShape(_hosts.Min(host => host.Segments.Least), 512, _scatterlist.Least);
        var largest = new CommandShape(_hosts.Max(host => host.Segments.Most), 512, _scatterlist.Most);
        tables = (UsablePool.Measure(pool, largest).Commands, UsablePool.Measure(pool, smallest).Commands);
        return _hosts.Select(HostDemand.Commands).Aggregate((one, other) => one.Plus(other));
    }

    private IEnumerable<string> Notes(Preallocation most, Estimate inFlight, (long Least, long Most) tables)
    {
        if (most.WantedSectors > _room)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"the pool stops growing at {_room:#,0} sectors without a message; past that, requests without a table wait until another command of their host ends");
        }

        yield return inFlight.Most <= tables.Least
            ? string.Create(CultureInfo.InvariantCulture, $"in flight at once are at most {inFlight.Most:#,0} commands, and {tables.Least:#,0} find a table: what can run does not starve")
            : string.Create(CultureInfo.InvariantCulture, $"in flight at once could be {inFlight.Most:#,0} commands, and only {tables.Least:#,0} are sure to find a table");
        if (_hasIsaZone)
        {
            yield return "on this architecture the pool lies in the 16 MiB ISA zone; short of memory, the kernel asks for three quarters each time (resize_dma_pool: WARNING ... scaling)";
        }

        yield return "this pool holds scatter-gather tables; the mappings of commands in flight need IOMMU or bounce-buffer space besides";
    }

    private IReadOnlyList<Setting> Settings()
    {
        var host = _hosts[0];
        return
        [
            Solve(SettingKind.QueueDepth, host.Defaults?.Depth.Name ?? string.Empty, h => h.QueueDepth, (h, value) => h with { QueueDepth = value, TotalDepth = null },
                "even one command per LUN path wants more"),
            new Setting(SettingKind.HostCommands, host.Defaults?.HostDepth.Name ?? string.Empty, null, host.CanQueue,
                "no effect: the pool is sized by what LUNs could have, not by what is in flight"),
            Solve(SettingKind.Segments, host.Defaults?.SegmentCount.Name ?? string.Empty, h => h.Segments, (h, value) => h with { Segments = value },
                "even tables of one segment want more"),
            Solve(SettingKind.LunPaths, string.Empty, h => h.LunPaths, (h, value) => h with { LunPaths = value, TotalDepth = null },
                "not even one LUN path fits at this depth"),
            new Setting(SettingKind.PoolSize, string.Empty, null, null, "the kernel has no setting for the cap"),
        ];
    }

    private Setting Solve(SettingKind kind, string name, Func<HostInput, Estimate> value, Func<HostInput, Estimate, HostInput> with, string none)
    {
        var present = _hosts.Select(value).Aggregate((one, other) => one.Or(other));
        long? Answer()
        {
            bool Fits(long number) => Preallocation.Of(Sectors(_hosts.Select(host => with(host,
                Estimate.Exactly(Math.Min(number, value(host).Most), Basis.Stated, "solved for"))), most: true), _hosts.Count).WantedSectors <= _room;
            if (!Fits(1))
            {
                return null;
            }

            var (low, high) = (1L, present.Most + 1);
            while (high - low > 1)
            {
                var middle = low + ((high - low) / 2);
                (low, high) = Fits(middle) ? (middle, high) : (low, middle);
            }

            return low;
        }

        var answer = Answer();
        return new Setting(kind, name, answer, present, answer is null ? none : string.Empty);
    }
}
