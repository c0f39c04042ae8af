using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A graphics driver's own account of its buffers beside the failure (vc4): who holds the area is then in the log.</summary>
internal static class CmaBuffersInUse
{
    private const long KiBPerPage = 4;

    /// <summary>No machine has so many KiB.</summary>
    private const long Credible = 1L << 40;

    /// <summary>Holding this many times the request, the buffers and not the request fill the area.</summary>
    private const double Much = 16;

    /// <summary>The holder is known; that the buffers are all needed is not.</summary>
    private const double Suspected = 0.5;

    public static LogRule Rule { get; } = new("cma-buffers-in-use", "buffers that a client forgot to close are counted too", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        if (log.Kind != PoolKind.Cma)
        {
            yield break;
        }

        var accounts = log.Of("gpu-buffers").Where(m => KiB(m) > 0).ToList();
        var wanted = log.Lines.Where(l => l.Units is > 0).Select(l => l.Units!.Value).DefaultIfEmpty(0).Min();
        var held = accounts.Where(m => m.Fields.GetValueOrDefault("what") is not ("used" or "cached")).GroupBy(Label, StringComparer.Ordinal)
            .Sum(g => g.Max(KiB));
        if (wanted > 0 && held >= wanted * KiBPerPage * Much)
        {
            yield return Conclusion.For(Cause.Capacity, Suspected, string.Create(CultureInfo.InvariantCulture,
                $"The driver's own account shows {held} KiB in buffers beside a request of {wanted * KiBPerPage} KiB: its buffers fill the area.")) with
            {
                Grounds = [.. accounts.Take(3)],
            };
        }
    }

    /// <summary>What the buffers are for; the same label may be reported several times.</summary>
    private static string Label(LogMessageFact message) => message.Text[..Math.Max(0, message.Text.IndexOf(':', StringComparison.Ordinal))].Trim();

    private static long KiB(LogMessageFact message) =>
        long.TryParse(message.Fields.GetValueOrDefault("kib"), NumberStyles.None, CultureInfo.InvariantCulture, out var kib) && kib < Credible ? kib : 0;
}
