using TraceReplay.Core;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>The kernel messages of one kind of pool.</summary>
public sealed class LogEvidence
{
    private LogEvidence(
        IReadOnlyList<LogMessageFact> failures, IReadOnlyList<LogMessageFact> suppressions,
        IReadOnlyList<LogMessageFact> driverLines)
    {
        DriverLines = driverLines;
        Failures = failures;
        Suppressions = suppressions;
    }

    /// <summary>Lines that state a failed mapping.</summary>
    public IReadOnlyList<LogMessageFact> Failures { get; }

    /// <summary>Lines that say how many were suppressed.</summary>
    public IReadOnlyList<LogMessageFact> Suppressions { get; }

    /// <summary>Drivers' own lines about failed mappings, whatever the pool.</summary>
    public IReadOnlyList<LogMessageFact> DriverLines { get; }

    /// <summary>Sum of the suppressed counts.</summary>
    public long Suppressed => Suppressions.Sum(s => s.Suppressed ?? 0);

    /// <summary>Functions whose rate limit covers the failure lines of each kind of pool.</summary>
    private static readonly Dictionary<PoolKind, string[]> Functions = new()
    {
        [PoolKind.Swiotlb] = ["swiotlb_tbl_map_single", "swiotlb_map", "swiotlb_alloc"],
        [PoolKind.Tce] = ["ppc_iommu_map_sg", "iommu_alloc", "iommu_map_page", "iommu_map_sg", "ppc_iommu_map_page"],
    };

    /// <summary>Collects the messages.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="filter">Which failures count.</param>
    /// <returns>The messages.</returns>
    public static LogEvidence For(CaseFacts facts, PoolKind kind, FailureFilter filter)
    {
        var failures = facts.Messages.Where(m => m.IsFailure && m.Kind == kind && filter.Counts(m.TimeNs, m.Device)).ToList();
        var functions = Functions.GetValueOrDefault(kind) ?? [];
        var suppressions = facts.Messages.Where(m => m.Suppressed is > 0 && filter.Counts(m.TimeNs, null)
            && (m.Kind == kind || functions.Contains(m.Function, StringComparer.Ordinal))).ToList();
        var driverLines = kind == PoolKind.Driver
            ? []
            : facts.Messages.Where(m => m.IsFailure && m.Kind == PoolKind.Driver && filter.Counts(m.TimeNs, m.Device)).ToList();
        return new LogEvidence(failures, suppressions, driverLines);
    }

    /// <summary>How many failure lines name a device.</summary>
    /// <param name="device">Device.</param>
    /// <returns>Lines.</returns>
    public long Named(string device) => Failures.Concat(DriverLines).LongCount(f => f.Device == device);
}
