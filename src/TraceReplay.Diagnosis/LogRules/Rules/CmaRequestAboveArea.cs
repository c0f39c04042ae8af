using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>The request is larger than the whole area, or the area was never reserved.</summary>
internal static class CmaRequestAboveArea
{
    /// <summary>Arithmetic, if the boot line is of the area that was asked.</summary>
    private const double Certain = 0.92;

    /// <summary>With several areas it is not told which one was asked.</summary>
    private const double Likely = 0.7;

    private const double NeverReserved = 0.85;

    public static LogRule Rule { get; } = new("cma-request-above-area", "the request may have gone to another area than the boot lines name", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var areas = log.Facts.Geometry.Where(g => g.Kind == PoolKind.Cma && g.Units is > 0).ToList();
        var largest = areas.Select(a => a.Units!.Value).DefaultIfEmpty(0).Max();
        var above = log.Lines.Where(l => l.Fact.Kind == PoolKind.Cma && largest > 0 && l.Units > largest).ToList();
        if (above.Count > 0)
        {
            yield return Conclusion.For(Cause.Capacity, areas.Count == 1 ? Certain : Likely,
                $"{above[0].Units} pages were wanted at once and the area has {largest}: it can never serve this, empty or not.") with
            {
                Lines = above,
            };
        }

        var missing = log.Of("cma-missing").ToList();
        if (missing.Count > 0 && areas.Count == 0 && log.Kind == PoolKind.Cma)
        {
            yield return Conclusion.For(Cause.PoolUnavailable, NeverReserved, "The boot could not reserve the area: there is nothing to allocate from.") with
            {
                Grounds = missing,
            };
        }
    }
}
