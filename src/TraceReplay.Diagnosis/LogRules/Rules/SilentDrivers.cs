using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>Drivers of this machine that say nothing when a mapping is refused: their silence proves nothing (spec demand-side.md 2.2).</summary>
internal static class SilentDrivers
{
    private static readonly string[] Silent =
        ["lpfc", "qla2xxx", "mpt3sas", "nvme", "virtio_blk", "virtio_scsi", "hpsa", "smartpqi", "storvsc", "mptscsih", "ibmvfc"];

    public static LogRule Rule { get; } = new("silent-drivers", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var present = log.Facts.Devices.Select(d => d.Driver ?? string.Empty).Where(d => Silent.Contains(d, StringComparer.Ordinal))
            .Except(log.Lines.Select(l => l.Fact.Driver), StringComparer.Ordinal).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (present.Count > 0 && log.Lines.Count > 0 && log.Lines.Any(l => !l.IsAboveSegmentLimit) && log.Kind != PoolKind.DmaDebug)
        {
            yield return Conclusion.Note(
                $"{string.Join(", ", present)} {(present.Count == 1 ? "says" : "say")} nothing when a mapping is refused: that no line names {(present.Count == 1 ? "its" : "their")} devices does not mean that they were spared.");
        }
    }
}
