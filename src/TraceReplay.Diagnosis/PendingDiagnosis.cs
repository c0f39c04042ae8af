using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>dma-debug's word on leaks: when a driver lets go of a device, the kernel counts the mappings that it never gave
/// back (kernel/dma/debug.c; spec iommu-pools.md 6.4). That is a leak by definition, whatever pool it is.</summary>
public static class PendingDiagnosis
{
    private const string Family = "dma-debug-pending";

    /// <summary>Diagnoses such messages.</summary>
    /// <param name="id">Number of the incident.</param>
    /// <param name="pool">Number of the pool.</param>
    /// <param name="facts">The case.</param>
    /// <param name="filter">Which messages count.</param>
    /// <returns>The incident, or null if there is no such message.</returns>
    public static Incident? Incident(int id, int pool, CaseFacts facts, FailureFilter filter)
    {
        var lines = Lines(facts, filter);
        if (lines.Count == 0)
        {
            return null;
        }

        var first = lines[0];
        var devices = lines.GroupBy(l => l.Device, StringComparer.Ordinal)
            .Select(g => new Reporter(g.Key, facts.DriverOf(g.Key), g.LongCount(), g.LongCount()))
            .OrderByDescending(r => r.Failures).ThenBy(r => r.Device, StringComparer.Ordinal).ToList();
        var names = string.Join(" and ", devices.Select(d => Wording.Device(d.Device, d.Driver)));
        return new Incident
        {
            Id = id,
            Pool = pool,
            PoolKind = PoolKind.DmaDebug,
            FromTrace = false,
            Cause = Cause.Leak,
            Confidence = 0.95,
            FirstFailure = new FailureReport
            {
                TimeNs = first.TimeNs, Device = first.Device, Driver = facts.DriverOf(first.Device), Cause = Cause.Leak,
                Source = first.Source,
            },
            Failures = lines.Count,
            LastFailureTimeNs = lines[^1].TimeNs,
            Causes = [new CauseCount(Cause.Leak, lines.Count)],
            Reporters = devices,
            Verdict = $"{names} leaks: its driver let go of the device with mappings that it never gave back.",
            Explanation = string.Create(CultureInfo.InvariantCulture,
                $"dma-debug counts the mappings of a device when its driver is unbound; {Wording.Count(lines.Count, "message")} of this kind. Whether a pool has run out because of it, these lines do not tell."),
            Evidence = [.. lines.Take(5).Select(l => new Evidence(l.Text, l.Source))],
            Remedies =
            [
                new Remedy("mend the driver: it must unmap everything before it lets go of the device", "driver-fix",
                    Proven: false, null, "The details line after the message gives size, direction and kind of one leaked mapping."),
            ],
            NextCapture =
            [
                "Which call made the leaked mappings: cat /sys/kernel/debug/dma-api/dump while the device is bound (5.1 and later).",
            ],
        };
    }

    /// <summary>Whether there is such a message.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="filter">Which messages count.</param>
    /// <returns>The messages in order.</returns>
    public static IReadOnlyList<LogMessageFact> Lines(CaseFacts facts, FailureFilter filter)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(filter);
        return [.. facts.Messages.Where(m => m.Family == Family && filter.Counts(m.TimeNs, m.Device))];
    }
}
