using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The 2.4 mid-layer's own pool of 512-byte sectors is short. It holds scatter-gather tables for every command that every LUN
/// path could send, not for those in flight, and never grows beyond 32 MiB (spec demand-side.md 1.1).</summary>
internal static class ScsiPoolShort
{
    private const double Usual = 0.55;

    public static LogRule Rule { get; } = new("scsi-pool-short", "few LUNs and low memory: the pool could not be expanded", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Lines.Where(l => l.Fact.Kind == PoolKind.ScsiDma).ToList();
        if (lines.Count > 0)
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
