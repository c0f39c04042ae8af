using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The refusals of a host adapter stop and come back, and no suppressed lines stand in between. The mid-layer tries a refused
/// command again within milliseconds until it gets in (spec demand-side.md 1.3), so silence means that it did: the pool had room again.</summary>
internal static class FailuresPause
{
    public const long PauseNs = 1_000_000_000;
    private const int EnoughPauses = 3;

    /// <summary>Room came back several times; a slow leak beside it cannot be excluded.</summary>
    private const double Likely = 0.6;

    /// <summary>Drivers whose refused command goes back to its queue.</summary>
    private static readonly string[] Retrying =
        ["lpfc", "qla2xxx", "mpt3sas", "mpt2sas", "megaraid_sas", "hpsa", "smartpqi", "ibmvscsi", "ibmvfc", "aacraid", "ipr", "nvme", "virtio-pci", "virtio_scsi", "virtio_blk", "storvsc", "pvscsi", "vmw_pvscsi"];

    public static LogRule Rule { get; } = new("failures-pause", "the load itself may have stopped and started again", Apply);

    /// <summary>Whether a driver's refused command goes back to its queue and is tried again.</summary>
    /// <param name="driver">Name of a driver.</param>
    /// <returns>True for storage adapters that do so.</returns>
    public static bool IsRetrying(string driver) => Retrying.Contains(driver, StringComparer.Ordinal);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var hidden = log.Messages.Suppressions.Where(s => s.TimeNs != TraceEvent.NoTime).Select(s => s.TimeNs).Order().ToList();
        foreach (var device in log.Lines.Where(l => !l.IsNumbered && !l.IsAboveSegmentLimit && l.Fact.TimeNs != TraceEvent.NoTime
            && IsRetrying(l.Fact.Driver)).GroupBy(l => (l.Fact.Device, l.Boot)))
        {
            var lines = device.ToList();
            var pauses = lines.Zip(lines.Skip(1)).Sum(p => Pauses(hidden, p.First, p.Second));
            if (pauses >= EnoughPauses)
            {
                yield return Conclusion.For(Cause.Capacity, Likely, string.Create(CultureInfo.InvariantCulture,
                    $"The refusals of {Wording.Device(device.Key.Device, lines[0].Fact.Driver)} stop for a second or more and come back, {pauses} times. Its commands are tried again within milliseconds until they get in, so each pause means that entries had come free: demand that comes back down.")) with
                {
                    Lines = lines,
                };
            }
        }
    }

    /// <summary>Pauses between two lines of a device: where lines between them were left out, as counted when they were read.</summary>
    private static long Pauses(List<long> hidden, FailureLine from, FailureLine to) => from.Stretch != to.Stretch
        ? Math.Max(0, to.PausesBefore - from.PausesBefore)
        : to.Fact.TimeNs - from.Fact.TimeNs >= PauseNs && !IsFilled(hidden, from, to) ? 1 : 0;

    /// <summary>Whether suppressed lines stand in a pause.</summary>
    private static bool IsFilled(List<long> hidden, FailureLine from, FailureLine to)
    {
        var at = hidden.BinarySearch(from.Fact.TimeNs);
        at = at < 0 ? ~at : at;
        return at < hidden.Count && hidden[at] <= to.Fact.TimeNs;
    }
}
