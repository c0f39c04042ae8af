using TraceReplay.Core;
using TraceReplay.Diagnosis.Messages;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>The kernel messages of one kind of pool.</summary>
public sealed class LogEvidence
{
    /// <summary>How far before a failing line a count of suppressed lines may stand to be about it.</summary>
    private const long MostLinesApart = 2;

    /// <summary>Functions whose rate limit covers the failure lines of each kind of pool.</summary>
    private static readonly Dictionary<PoolKind, string[]> Functions = new()
    {
        [PoolKind.Swiotlb] = ["swiotlb_tbl_map_single", "swiotlb_map", "swiotlb_alloc"],
        [PoolKind.Tce] = ["ppc_iommu_map_sg", "iommu_alloc", "iommu_map_page", "iommu_map_sg", "ppc_iommu_map_page"],
        [PoolKind.Iova] = ["intel_alloc_iova", "__intel_map_single", "intel_map_sg"],
        [PoolKind.Cma] = ["cma_alloc", "__cma_alloc", "__cma_alloc_frozen"],
    };

    private readonly MessageLog _messages;
    private readonly PoolKind _kind;

    private LogEvidence(
        MessageLog messages, PoolKind kind, IReadOnlyList<LogMessageFact> failures, IReadOnlyList<LogMessageFact> suppressions,
        IReadOnlyList<LogMessageFact> driverLines)
    {
        (_messages, _kind) = (messages, kind);
        FailureCount = failures.Sum(f => messages.ShareOf(f).Occurrences);
        DriverLines = driverLines;
        Failures = failures;
        Suppressions = suppressions;
    }

    /// <summary>How many failing lines there are in the log: more than <see cref="Failures"/> where it is not kept whole.</summary>
    public long FailureCount { get; }

    /// <summary>Lines that state a failed mapping; for dma-debug also those that state mappings never given back.</summary>
    public IReadOnlyList<LogMessageFact> Failures { get; }

    /// <summary>Lines that say how many were suppressed.</summary>
    public IReadOnlyList<LogMessageFact> Suppressions { get; }

    /// <summary>Drivers' own lines about failed mappings, whatever the pool.</summary>
    public IReadOnlyList<LogMessageFact> DriverLines { get; }

    /// <summary>Sum of the suppressed counts.</summary>
    public long Suppressed => Sum(Suppressions);

    /// <summary>How many requests really failed.</summary>
    public FailureRange Range
    {
        get
        {
            // One limit for all of printk may have hidden other lines as well; a limit of the function's own hid only failures.
            var shared = Sum(Suppressions.Where(s => s.Family == "messages-suppressed"));
            return new FailureRange(FailureCount + Suppressed - shared, shared > 0 && shared == Suppressed ? FailureCount + Suppressed : null);
        }
    }

    /// <summary>Whether a message is one of those that an incident of its pool is made of.</summary>
    /// <param name="message">The message.</param>
    /// <returns>True if it states a failure, or a leak that dma-debug saw.</returns>
    public static bool Counts(LogMessageFact message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return message.IsFailure || message.Family switch
        {
            "dma-debug-pending" => true,
            "dma-debug-overlap" => message.Text.Contains("exceeded", StringComparison.Ordinal),
            "dma-debug-error" => message.Text.Contains("different size", StringComparison.Ordinal),
            _ => false,
        };
    }

    /// <summary>Collects the messages.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="filter">Which failures count.</param>
    /// <returns>The messages.</returns>
    public static LogEvidence For(CaseFacts facts, PoolKind kind, FailureFilter filter)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(filter);
        var failures = facts.Messages.Where(m => Counts(m) && m.Kind == kind && filter.Counts(m.TimeNs, m.Device)).ToList();
        var lines = failures.Select(f => (f.Source.Path, f.Source.Line)).ToHashSet();
        var suppressions = facts.Messages.Where(m => m.Suppressed is > 0 && filter.Counts(m.TimeNs, null)
            && (Concerns(m, kind) || (m.Family == "messages-suppressed" && Precedes(m)))).ToList();
        var driverLines = kind == PoolKind.Driver
            ? []
            : facts.Messages.Where(m => m.IsFailure && m.Kind == PoolKind.Driver && filter.Counts(m.TimeNs, m.Device)).ToList();
        return new LogEvidence(facts.Messages, kind, failures, suppressions, driverLines);

        // Up to 2.6.31 one limit covers all callers; the line that was let through right behind the count was limited by it.
        bool Precedes(LogMessageFact suppressed)
        {
            if ((facts.Messages.ShareOf(suppressed).Precedes >> (int)kind & 1) != 0)
            {
                return true;
            }

            for (var ahead = 1; ahead <= MostLinesApart; ahead++)
            {
                if (lines.Contains((suppressed.Source.Path, suppressed.Source.Line + ahead)))
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Whether a count of suppressed lines is by its own words about a kind of pool.</summary>
    /// <param name="suppressed">The line.</param>
    /// <param name="kind">The kind.</param>
    /// <returns>True if it is of that kind, or names a function that refuses its requests.</returns>
    internal static bool Concerns(LogMessageFact suppressed, PoolKind kind) => suppressed.Kind == kind
        || (Functions.TryGetValue(kind, out var functions) && functions.Contains(suppressed.Function, StringComparer.Ordinal));

    private long Sum(IEnumerable<LogMessageFact> suppressions) =>
        suppressions.Sum(s => MessageLog.SuppressedBy(s) + _messages.ShareOf(s).MoreSuppressed);

    /// <summary>How many failure lines name a device.</summary>
    /// <param name="device">Device.</param>
    /// <returns>Lines.</returns>
    public long Named(string device) =>
        _messages.Devices.Counted(_kind, device) + (_kind == PoolKind.Driver ? 0 : _messages.Devices.Counted(PoolKind.Driver, device));
}
