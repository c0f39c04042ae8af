using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A storage adapter is refused in a TCE table and no direct window was made for it: its commands in flight all go through the
/// table (spec iommu-pools.md 1.9, demand-side.md 1.2).</summary>
internal static class HostAdapterBehindTable
{
    /// <summary>can_queue times segments is several tables of the usual size; a leak in these drivers is rarer than a deep queue.</summary>
    private const double Usual = 0.5;

    public static LogRule Rule { get; } = new("host-adapter-behind-table", "a driver or a module beside it that forgets to unmap", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var direct = log.Of("tce-window").Where(m => m.Text.Contains("returned 0", StringComparison.Ordinal)).Select(m => m.Device).ToHashSet(StringComparer.Ordinal);
        var lines = log.Lines.Where(l => l.Fact is { Kind: PoolKind.Tce, Device.Length: > 0 } && FailuresPause.IsRetrying(l.Fact.Driver)
            && !l.IsNumbered && !direct.Contains(l.Fact.Device)).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, Usual,
                $"{Wording.Device(lines[0].Fact.Device, lines[0].Fact.Driver)} is a storage adapter and no direct window was made for it, so all its commands in flight go through the table; deep queues of long requests alone can want several times what a window has.") with
            {
                Lines = lines,
            };
        }
    }
}
