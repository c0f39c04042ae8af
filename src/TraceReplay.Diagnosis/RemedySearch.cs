using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>Looks for changes that avoid the failures, and proves each by replay; changes that people try in vain are
/// tried too, and named as such.</summary>
public sealed class RemedySearch
{
    private const long SegmentSlots = 128;
    private const long TceStep = 256;
    private readonly TraceCase _case;
    private readonly Cause _cause;
    private readonly IReadOnlyList<Culprit> _culprits;
    private readonly List<Remedy> _remedies = [];

    private RemedySearch(TraceCase @case, Cause cause, IReadOnlyList<Culprit> culprits)
    {
        _case = @case;
        _cause = cause;
        _culprits = culprits;
    }

    /// <summary>Finds remedies.</summary>
    /// <param name="case">The case.</param>
    /// <param name="cause">Its main cause.</param>
    /// <param name="culprits">Its culprits.</param>
    /// <returns>Remedies, best first, and the least size if one was found.</returns>
    public static (IReadOnlyList<Remedy> Remedies, LeastSize? LeastSize) Find(
        TraceCase @case, Cause cause, IReadOnlyList<Culprit> culprits)
    {
        var search = new RemedySearch(@case, cause, culprits);
        var least = search.Run();
        return (search._remedies, least);
    }

    /// <summary>The same load where nothing bounces that need not.</summary>
    private void ReachDirectly() => _remedies.Add(new Remedy(
        "map directly what the device reaches: a kernel that tests the whole mapping against the mask (2.6.33 and later), or a driver that sets the mask its hardware has",
        "mask", Proven: true, _case.Try(new Change { WithoutReachable = true }).Failures,
        "Before 2.6.33 masks were tested too strictly, and in 2.4 partly not at all; on later kernels look for swiotlb=force, an untrusted port or a bridge's limit."));

    private LeastSize? Run()
    {
        if (_cause == Cause.Unknown || _case.Result.ReleasesAreMissing)
        {
            // A world that is not understood proves nothing when it is changed.
            return null;
        }

        if (_cause == Cause.SegmentLimit)
        {
            SplitMappings();
            UselessSize();
            return null;
        }

        if (_cause == Cause.Leak)
        {
            FixLeak();
            DelayOnly();
            return null;
        }

        if (_cause == Cause.NeedlessBounce)
        {
            ReachDirectly();
        }

        // Each question is a series of replays of its own: they go side by side, and are listed in a fixed order.
        LeastSize? least = null;
        List<Remedy> sizes = [], caps = [], areas = [];
        Parallel.Invoke(
            () => least = Resize(sizes),
            () =>
            {
                // What is set aside for good cannot wait for its turn: a cap on it is the queue depth.
                if (_cause is not (Cause.Fragmentation or Cause.Preallocation))
                {
                    CapCulprits(caps);
                }
            },
            () => OneArea(areas));
        _remedies.AddRange([.. sizes, .. QueueDepthRemedy.Find(_case, _cause, _culprits), .. caps, .. areas]);
        return least;
    }

    private LeastSize? Resize(List<Remedy> remedies)
    {
        var geometry = _case.Geometry;
        if (geometry.Kind == PoolKind.ScsiDma)
        {
            // The kernel sizes this pool by its LUNs; there is nothing to set.
            return null;
        }

        if (geometry.Kind is not (PoolKind.Swiotlb or PoolKind.SwiotlbXen))
        {
            return Widen(geometry, remedies);
        }

        var step = SegmentSlots * geometry.Areas;
        var found = LeastSizeSearch.Find(_case.Result, _case.Lifetimes, step);
        if (found is not { } units)
        {
            return null;
        }

        var closedLoop = _case.Result.Failures.Count > 0;
        var wanted = closedLoop ? units + NeverGotIn() : units;
        var forced = _case.Facts.Machine.CommandLine?.Contains("force", StringComparison.Ordinal) ?? _case.Choice.Forced ?? false;
        var given = BootParameter.SlotsGiven(geometry.Kernel, wanted);
        var parameter = BootParameter.For(geometry.Kernel, wanted, forced, geometry.PageShift);
        var after = _case.Try(new Change { Geometry = LeastSizeSearch.Resized(geometry, given) }).Failures;
        remedies.Add(new Remedy(
            $"boot with {parameter} ({Wording.Bytes(given * geometry.UnitBytes)}: {Wording.Count(given, "slot")})",
            "pool-size", Proven: true, after, ResizeNote(units, given, closedLoop)));
        return new LeastSize(units, units * geometry.UnitBytes, !closedLoop, given, parameter);
    }

    /// <summary>Pools that come in powers of two; a TCE window has no boot parameter: the firmware sizes it, and a 64-bit
    /// window goes round it.</summary>
    private LeastSize? Widen(PoolGeometry geometry, List<Remedy> remedies)
    {
        if (LeastSizeSearch.Find(_case.Result, _case.Lifetimes, Math.Max(TceStep, geometry.Units / 16)) is not { } units)
        {
            return null;
        }

        var wanted = System.Numerics.BitOperations.RoundUpToPowerOf2((ulong)(units + NeverGotIn()));
        var after = _case.Try(new Change { Geometry = LeastSizeSearch.Resized(geometry, (long)wanted) }).Failures;
        var (change, note) = LargerPool.Words(geometry, (long)wanted);
        remedies.Add(new Remedy(change, "pool-size", Proven: true, after, note));
        return new LeastSize(units, units * geometry.UnitBytes, Exact: false, (long)wanted, string.Empty);
    }

    private static string ResizeNote(long units, long given, bool closedLoop)
    {
        var note = new System.Text.StringBuilder();
        note.Append(CultureInfo.InvariantCulture, $"The smallest size without a failure in replay is {units} slots");
        note.Append(closedLoop
            ? "; that is a lower bound, because requests that failed were tried again and held the load back. "
            : ". ");
        note.Append(CultureInfo.InvariantCulture, $"The parameter counts slots of 2 KiB, and the kernel sets up {given} of them.");
        return note.ToString();
    }

    /// <summary>Demand that the trace never shows: each device that failed had, at its busiest moment, at least one more
    /// request of its largest failing size waiting behind each one in flight that failed.</summary>
    private long NeverGotIn()
    {
        long units = 0;
        foreach (var group in _case.Result.Failures.GroupBy(f => _case.Log[f.Operation].Device))
        {
            var buffers = group.Select(f => (_case.Log[f.Operation].PhysAddr, f.Units)).Distinct().ToList();
            units += buffers.Select(b => b.Units).OrderDescending().Take(64).Sum() / 2;
        }

        return units;
    }

    private void CapCulprits(List<Remedy> remedies)
    {
        foreach (var culprit in _culprits.Take(3))
        {
            var device = _case.Log.Names.Intern(culprit.Device);
            var (cap, failures) = LargestCap(device);
            if (cap <= 0)
            {
                continue;
            }

            remedies.Add(new Remedy(
                $"limit {Wording.Device(culprit.Device, culprit.Driver)} to {Wording.Count(cap, "mapping")} at a time",
                "cap-device", Proven: true, failures,
                "Queue depth, ring size or buffer count of its driver; requests above the limit wait instead of taking the pool."));
        }
    }

    /// <summary>The largest number of live mappings of a device at which nothing fails, by halving.</summary>
    private (long Cap, long Failures) LargestCap(int device)
    {
        long Failures(long cap) => _case.Try(new Change { CappedDevice = device, MaxOutstanding = cap }).Failures;
        long low = 0;
        long high = _case.Result.LiveAtMoment.Count(i => _case.Log[i].Device == device) + 1;
        if (high <= 1 || Failures(1) > 0)
        {
            return (0, 0);
        }

        low = 1;
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            if (Failures(middle) == 0)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }

        return (low, 0);
    }

    private void OneArea(List<Remedy> remedies)
    {
        var geometry = _case.Geometry;
        if (geometry.Areas <= 1 || geometry.Kind != PoolKind.Swiotlb)
        {
            return;
        }

        var after = _case.Try(new Change { Geometry = geometry with { Areas = 1 } }).Failures;
        var before = _case.Try(new Change()).Failures;
        if (after == 0)
        {
            remedies.Add(new Remedy(
                string.Create(CultureInfo.InvariantCulture, $"boot with swiotlb={geometry.Units},1 (one area instead of {geometry.Areas})"),
                "areas", Proven: true, after, "One area wastes less room between areas, at the price of one lock for all CPUs."));
        }
        else
        {
            remedies.Add(new Remedy(
                "fewer areas", "useless", Proven: true, after,
                string.Create(CultureInfo.InvariantCulture,
                    $"Replayed with one area there are still {after} failures (replayed with {geometry.Areas} areas: {before}).")));
        }
    }

    private void SplitMappings()
    {
        var limit = _case.MaxRequestUnits * _case.Geometry.UnitBytes;
        var after = _case.Try(new Change { MaxMappingBytes = limit }).Failures;
        var device = _culprits.Count > 0 ? Wording.Device(_culprits[0].Device, _culprits[0].Driver) : "the device";
        _remedies.Add(new Remedy(
            $"keep mappings of {device} at or below {Wording.Bytes(limit)}", "segment-size", Proven: true, after,
            "The driver must honour dma_max_mapping_size(); for a disk: echo 256 > /sys/block/DISK/queue/max_sectors_kb."));
    }

    private void UselessSize()
    {
        var larger = LeastSizeSearch.Resized(_case.Geometry, _case.Geometry.Units * 4);
        var after = _case.Try(new Change { Geometry = larger }).Failures;
        _remedies.Add(new Remedy(
            "a larger pool (swiotlb=)", "useless", Proven: true, after,
            "No swiotlb= size helps: one mapping can never have more than "
            + $"{Wording.Count(_case.MaxRequestUnits, "slot")} ({Wording.Bytes(_case.MaxRequestUnits * _case.Geometry.UnitBytes)}), "
            + "however much is free. Replayed with four times the pool, the same requests fail."));
    }

    private void FixLeak()
    {
        foreach (var leak in _case.Leaks)
        {
            var name = _case.DeviceName(leak.Device);
            var without = _case.Try(new Change { WithoutDevice = leak.Device }).Failures;
            _remedies.Add(new Remedy(
                $"mend the driver of {Wording.Device(name, _case.Facts.DriverOf(name))}: it maps and never unmaps; "
                + "until then unload it or rebind the device before the pool is full",
                "driver-fix", Proven: true, without, "Replayed without its mappings."));
        }
    }

    private void DelayOnly()
    {
        var rate = _case.Leaks.Sum(l => l.UnitsPerSecond);
        var seconds = rate > 0 ? _case.Geometry.Units / rate : 0;
        _remedies.Add(new Remedy(
            Wording.LargerPool(_case.Geometry.Kind), "useless", Proven: false, null,
            string.Create(CultureInfo.InvariantCulture,
                $"It only delays the failure: at {rate:F0} {Wording.Units(_case.Geometry.Kind)} per second, {_case.Geometry.Units} more last {Wording.Seconds(seconds)}.")));
    }
}
