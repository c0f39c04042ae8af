using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The 2.4 mid-layer's own pool of 512-byte sectors is short. It holds scatter-gather tables for every command that every LUN
/// path could send, not for those in flight, and never grows beyond 32 MiB (spec demand-side.md 1.1).</summary>
internal static class ScsiPoolShort
{
    private const double Usual = 0.55;

    /// <summary>The kernel itself says that what LUNs could ask for was not to be had: not only commands that run are short of it.</summary>
    private const double NotExpanded = 0.7;

    public static LogRule Rule { get; } = new("scsi-pool-short", "few LUNs and low memory: the pool could not be expanded", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Kind == PoolKind.ScsiDma).ToList();
        var refused = log.Of("scsi-dma-not-expanded").Where(m => m.Fields.ContainsKey("wanted")).ToList();
        if (lines.Count > 0 && refused.Count > 0)
        {
            yield return Conclusion.For(Cause.Preallocation, NotExpanded,
                $"The 2.4 SCSI mid-layer sets tables aside for every command that every LUN path could send, in flight or not. It wanted {refused[^1].Fields["wanted"]} sectors of 512 bytes for them and could not have them: LUNs, paths and queue depths, not running commands, ask for more than there is.") with
            {
                Lines = lines,
                Grounds = [.. refused.Take(2)],
                Doubts = ["Whether the commands that ran would have fitted into what it had: number of LUN paths, queue depth and sg_tablesize give both by formula (tracereplay plan)."],
            };
        }
        else if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Usual,
                "The 2.4 SCSI mid-layer keeps a private pool for the tables of all commands that its LUN paths could send (queue depth times segments, for each path), in flight or not, capped at 32 MiB: many LUNs, deep queues or long tables use it up.") with
            {
                Lines = lines,
                Doubts = ["How much of it is held for commands not in flight (preallocation): number of LUN paths, queue depth and sg_tablesize give it by formula (tracereplay plan)."],
            };
        }
    }
}
