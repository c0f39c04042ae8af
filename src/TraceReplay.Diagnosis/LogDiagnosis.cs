using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>The best honest diagnosis where only kernel messages are at hand: who reported, what the numbers prove, what
/// they cannot tell, and what to capture next. It never names a reporter as the culprit.</summary>
public static class LogDiagnosis
{
    private const long SegmentLimitBytes = 262_144;

    /// <summary>Diagnoses the messages of one kind of pool.</summary>
    /// <param name="id">Number of the incident.</param>
    /// <param name="pool">Number of the pool.</param>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="facts">The case.</param>
    /// <param name="filter">Which failures count.</param>
    /// <returns>The incident, or null if no mapping failed.</returns>
    public static Incident? Incident(int id, int pool, PoolKind kind, CaseFacts facts, FailureFilter filter)
    {
        var messages = LogEvidence.For(facts, kind, filter);
        if (messages.Failures.Count == 0)
        {
            return null;
        }

        var (cause, confidence, reason) = Infer(kind, messages);
        var first = messages.Failures[0];
        var reporters = Reporters(messages, facts);
        return new Incident
        {
            Id = id,
            Pool = pool,
            PoolKind = kind,
            FromTrace = false,
            Cause = cause,
            Confidence = confidence,
            FirstFailure = FirstFailure(first, facts),
            Failures = messages.Failures.Count,
            Suppressed = messages.Suppressed,
            LastFailureTimeNs = messages.Failures[^1].TimeNs,
            Causes = [new CauseCount(cause, messages.Failures.Count)],
            Reporters = reporters,
            Verdict = Verdict(kind, messages, reporters, cause),
            Explanation = Explanation(messages, reason),
            Evidence = Evidence(messages),
            Remedies = Remedies(cause, kind),
            Uncertain = Uncertain(cause),
            NextCapture = NextCapture(kind, facts.Machine),
        };
    }

    /// <summary>Devices named by the pool's own lines, then those whose driver alone says that a mapping failed.</summary>
    private static List<Reporter> Reporters(LogEvidence messages, CaseFacts facts)
    {
        var byPool = messages.Failures.GroupBy(m => m.Device, StringComparer.Ordinal)
            .Select(g => new Reporter(g.Key, facts.DriverOf(g.Key), g.LongCount(), messages.Named(g.Key)))
            .OrderByDescending(r => r.Failures).ThenBy(r => r.Device, StringComparer.Ordinal).ToList();
        var known = byPool.Select(r => r.Device).ToHashSet(StringComparer.Ordinal);
        var byDriver = messages.DriverLines.Where(m => m.Device.Length > 0 && !known.Contains(m.Device))
            .GroupBy(m => m.Device, StringComparer.Ordinal)
            .Select(g => new Reporter(g.Key, facts.DriverOf(g.Key), g.LongCount(), g.LongCount()))
            .OrderByDescending(r => r.Failures).ThenBy(r => r.Device, StringComparer.Ordinal);
        return [.. byPool, .. byDriver];
    }

    private static FailureReport FirstFailure(LogMessageFact first, CaseFacts facts) => new()
    {
        TimeNs = first.TimeNs,
        Device = first.Device,
        Driver = first.Driver.Length > 0 ? first.Driver : facts.DriverOf(first.Device),
        Bytes = first.Bytes,
        Units = first.Bytes is { } bytes ? (bytes + GeometryChoice.SlotBytes - 1) / GeometryChoice.SlotBytes : first.Pages,
        UsedUnits = first.UsedUnits,
        TotalUnits = first.TotalUnits,
        FreeUnits = first.TotalUnits - first.UsedUnits is >= 0 and var free ? free : null,
        Source = first.Source,
    };

    /// <summary>Rules of spec swiotlb.md, section 6, in its order.</summary>
    private static (Cause Cause, double Confidence, string Reason) Infer(PoolKind kind, LogEvidence messages)
    {
        IReadOnlyList<LogMessageFact> lines = messages.Failures;
        if (kind is not (PoolKind.Swiotlb or PoolKind.SwiotlbXen))
        {
            return (Cause.Unknown, 0.3, "The message tells size and device, but not how the pool was used.");
        }

        // "buffer is full" lines carry the numbers; other families stand for themselves only where there are none.
        var numbered = lines.Where(l => l.Family == "swiotlb-full").ToList();
        if (numbered.Count == 0 && ByFamily(lines) is { } byFamily)
        {
            return byFamily;
        }

        lines = numbered.Count > 0 ? numbered : lines;
        if (lines.All(l => l.Family.Contains("coherent", StringComparison.Ordinal)))
        {
            return (Cause.Unknown, 0.3,
                "A coherent allocation failed: neither the page allocator nor the pool had room; the size is not bound to the segments alone.");
        }

        if (lines.All(l => l.Bytes > SegmentLimitBytes))
        {
            return (Cause.SegmentLimit, 0.99,
                "Every refused request is above 256 KiB: one mapping can never have more than 128 slots in a row, whatever is free.");
        }

        if (lines.All(l => l.TotalUnits == 0))
        {
            return (Cause.PoolUnavailable, 0.95, "The pool has 0 slots: it was never set up.");
        }

        var told = lines.Where(l => l is { TotalUnits: > 0, UsedUnits: not null, Bytes: not null }).ToList();
        if (told.Count == 0)
        {
            return (Cause.Unknown, 0.3, "These lines tell only the size of the request; not how full the pool was.");
        }

        var full = told.Count(l => l.UsedUnits >= l.TotalUnits * 0.8 || Units(l) > l.TotalUnits - l.UsedUnits);
        if (full * 2 <= told.Count)
        {
            return (Cause.Fragmentation, 0.6,
                "Most refused requests would have fitted into the free slots by number: no run was long enough, or aligned.");
        }

        return Fullness(told);
    }

    /// <summary>What a family proves by itself (spec swiotlb.md, section 3).</summary>
    private static (Cause Cause, double Confidence, string Reason)? ByFamily(IReadOnlyList<LogMessageFact> lines)
    {
        if (lines.All(l => l.Family is "swiotlb-missing" or "swiotlb-inactive" or "swiotlb-not-allocated"))
        {
            return (Cause.PoolUnavailable, 0.9, "A bounce was needed, but the pool was never set up: a matter of boot, not of exhaustion.");
        }

        // In 5.4 a full pool ends in the same words (report_addr), so those prove nothing.
        return lines.All(l => l.Family is "swiotlb-overflow" or "swiotlb-not-dmaable" or "swiotlb-no-bounce"
            && !l.Text.Contains(" of DMA mask ", StringComparison.Ordinal))
            ? (Cause.MaskLimit, 0.85, "The buffer, or the pool itself, lies where the device's DMA mask does not reach: a matter of the mask, not of size.")
            : null;
    }

    private static (Cause Cause, double Confidence, string Reason) Fullness(List<LogMessageFact> told)
    {
        var falls = told.Zip(told.Skip(1)).Count(p => p.Second.UsedUnits < p.First.UsedUnits);
        var sizes = told.Select(Units).ToList();
        var shrinks = sizes.Zip(sizes.Skip(1)).Count(p => p.Second < p.First);
        var stuck = told.Count >= 5 && told.TakeLast(told.Count / 2).All(l => l.UsedUnits == l.TotalUnits);
        if (stuck)
        {
            return (Cause.Unknown, 0.4,
                "The pool stays completely full from line to line: a leak looks like this, and so does a device that holds all it can get.");
        }

        if (falls > 0 && told.Count >= 4 && falls >= told.Count / 8 && shrinks <= told.Count / 2)
        {
            return (Cause.Capacity, 0.7,
                "The pool was nearly full, and its use falls and rises between the lines: demand comes back down, so this is no leak alone.");
        }

        return (Cause.Unknown, 0.4,
            "The pool was nearly full. Whether demand is too large, one device holds too much, or mappings leak, these lines cannot tell.");
    }

    private static long Units(LogMessageFact line) =>
        ((line.Bytes ?? 0) + GeometryChoice.SlotBytes - 1) / GeometryChoice.SlotBytes;

    private static string Verdict(PoolKind kind, LogEvidence messages, List<Reporter> reporters, Cause cause)
    {
        var named = string.Join(", ", reporters.Take(3).Select(r =>
            $"{Wording.Device(r.Device, r.Driver)} ({r.Failures})"));
        var count = Wording.Count(messages.Failures.Count, "failing mapping") + (messages.Suppressed > 0
            ? string.Create(CultureInfo.InvariantCulture, $" and {messages.Suppressed} suppressed") : string.Empty);
        var text = $"The log shows {count} in the {Wording.Pool(kind)}, reported by {named}. ";
        return cause == Cause.SegmentLimit
            ? text + "The requests are larger than the pool can ever serve; no pool size helps."
            : text + "Who holds the pool is not in the log: the devices named are those that asked last.";
    }

    private static string Explanation(LogEvidence messages, string reason)
    {
        var text = reason;
        if (messages.Suppressed > 0)
        {
            text += string.Create(CultureInfo.InvariantCulture,
                $" Rate limiting hid {messages.Suppressed} more lines, so at least {messages.Failures.Count + messages.Suppressed} mappings failed; which devices the hidden ones were for is not known.");
        }

        return text;
    }

    private static List<Evidence> Evidence(LogEvidence messages)
    {
        var lines = messages.Failures.DistinctBy(m => (m.Device, m.Bytes)).Take(5)
            .Select(m => new Evidence(m.Text, m.Source)).ToList();
        lines.AddRange(messages.DriverLines.DistinctBy(m => m.Device, StringComparer.Ordinal).Take(3)
            .Select(m => new Evidence("a driver's own line: " + m.Text, m.Source)));
        lines.AddRange(messages.Suppressions.Take(2).Select(m => new Evidence(m.Text, m.Source)));
        return lines;
    }

    private static List<Remedy> Remedies(Cause cause, PoolKind kind)
    {
        if (cause == Cause.SegmentLimit)
        {
            return
            [
                new Remedy("keep mappings at or below 256 KiB (for a disk: echo 256 > /sys/block/DISK/queue/max_sectors_kb)",
                    "segment-size", Proven: false, null, "The driver must honour dma_max_mapping_size()."),
                new Remedy("a larger pool (swiotlb=)", "useless", Proven: false, null,
                    "No swiotlb= size helps: one mapping can never have more than 128 slots."),
            ];
        }

        return kind == PoolKind.Swiotlb
            ? [new Remedy("a larger pool: swiotlb=N counts slots of 2 KiB", "pool-size", Proven: false, null,
                "Helps against demand; it only delays a leak. Not proven: nothing was replayed.")]
            : [];
    }

    private static List<string> Uncertain(Cause cause) => cause == Cause.SegmentLimit
        ? []
        : ["The holder of the pool is not in the log; a kernel message names whoever asked last."];

    /// <summary>The function to probe: the plain name became an inline wrapper with 6.12 (spec swiotlb.md, section 5).</summary>
    private static string UnmapFunction(MachineFact machine) =>
        KernelVersion.TryParse(machine.KernelVersion ?? machine.KernelRelease, out var version) && version >= new KernelVersion(6, 9)
            ? "__swiotlb_tbl_unmap_single"
            : "swiotlb_tbl_unmap_single";

    private static List<string> NextCapture(PoolKind kind, MachineFact machine) => kind switch
    {
        PoolKind.Swiotlb =>
        [
            "Record who maps and unmaps: cd /sys/kernel/tracing; echo 'p:map_in swiotlb_tbl_map_single dev=+0(+0(%di)):string orig=%si:x64 msize=%dx:u64' >> kprobe_events; echo 'r:map_ret swiotlb_tbl_map_single ret=$retval:x64' >> kprobe_events; echo 'p:unmap " + UnmapFunction(machine) + " dev=+0(+0(%di)):string tlb=%si:x64 msize=%dx:u64' >> kprobe_events; echo 1 > events/kprobes/enable; cat trace_pipe > trace.txt (arguments as on x86-64).",
            "Watch the use while the devices are idle: cat /sys/kernel/debug/swiotlb/io_tlb_used (5.4 and later): what stays is held or leaked.",
            "Keep the boot lines that give the geometry: dmesg | grep -i 'software IO TLB'.",
        ],
        PoolKind.Tce =>
        [
            "Record the allocator with probes on iommu_range_alloc and __iommu_free (device, table, entry, pages).",
            "Keep the table sizes: dmesg | grep -iE 'tce|dma window|iommu'.",
        ],
        _ => ["Record the DMA events of the kernel while it happens: trace-cmd record -e dma -e iommu (6.12 and later)."],
    };
}
