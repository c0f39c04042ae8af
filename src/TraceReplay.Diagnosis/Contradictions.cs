using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Pools;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Diagnosis;

/// <summary>Sources that do not agree with each other: both are shown, and nothing is dropped silently.</summary>
internal static class Contradictions
{
    /// <summary>What is left of a confidence that is not proven where sources contradict each other: one of two accounts is wrong or of
    /// another machine, and most rules use neither the version nor the stated size.</summary>
    private const double Left = 0.85;

    /// <summary>From here on the trace's own places confirm the model that was chosen.</summary>
    private const double Agreement = 0.9;

    /// <summary>Finds them.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="pools">Pools as the user says they are.</param>
    /// <returns>One diagnostic for each.</returns>
    public static List<Diagnostic> Find(CaseFacts facts, IReadOnlyList<PoolSpec> pools)
    {
        List<Diagnostic> found = [];
        var kernels = facts.Kernels.DistinctBy(k => KernelVersion.TryParse(k.Release, out var version) ? version : default).ToList();
        if (kernels.Count > 1)
        {
            found.Add(new Diagnostic("TR0308", Severity.Warning,
                $"these inputs are of different kernels: {kernels[0].Release} ({kernels[0].Source}) and {kernels[1].Release} ({kernels[1].Source}); what depends on the version is judged by the first",
                kernels[1].Source, "give the logs of one machine and one boot, or analyze them one by one"));
        }

        var stated = facts.Geometry.Where(g => g is { Kind: PoolKind.Swiotlb, Origin: GeometryOrigin.Log, Units: > 0 })
            .Select(g => (g.Units!.Value, g.Source)).Concat(facts.Messages.Where(m => m is { Kind: PoolKind.Swiotlb, TotalUnits: > 0 })
                .Select(m => (m.TotalUnits!.Value, m.Source))).DistinctBy(s => s.Item1).ToList();
        if (stated.Count > 1 && facts.Messages.All(m => m.Family != "swiotlb-grow-failed" && (m.UsedUnits <= m.TotalUnits || m.TotalUnits is null)))
        {
            found.Add(new Diagnostic("TR0309", Severity.Warning, string.Create(CultureInfo.InvariantCulture,
                $"the sources state two sizes of the pool: {stated[0].Item1} slots ({stated[0].Source}) and {stated[1].Item1} slots ({stated[1].Source}): a device's own (restricted) pool, a pool that grew, another boot or another machine"),
                stated[1].Source));
        }

        foreach (var spec in pools.Where(p => p.Units is not null))
        {
            if (Stated(facts, spec.Kind) is { } told && told.Units != spec.Units)
            {
                found.Add(new Diagnostic("TR0310", Severity.Warning, string.Create(CultureInfo.InvariantCulture,
                    $"--pool {spec.Text} says {spec.Units} {Wording.Units(spec.Kind)}, the {told.Where} says {told.Units} ({told.Source}): a replay uses the first, a log's own numbers stay as they are"), told.Source));
            }
        }

        return found;
    }

    /// <summary>The size that the sources state of a kind of pool: a trace's own account of it before a log's lines.</summary>
    private static (long Units, SourceRef Source, string Where)? Stated(CaseFacts facts, PoolKind kind)
    {
        if (facts.Geometry.Where(g => g.Kind == kind && g.Units is > 0).OrderBy(g => g.Origin).FirstOrDefault() is { } geometry)
        {
            return (geometry.Units!.Value, geometry.Source, geometry.Origin == GeometryOrigin.Trace ? "trace" : "log");
        }

        return facts.Messages.FirstOrDefault(m => m.Kind == kind && m.TotalUnits > 0) is { } line ? (line.TotalUnits!.Value, line.Source, "log") : null;
    }

    /// <summary>Lowers what is not proven.</summary>
    /// <param name="incident">An incident.</param>
    /// <param name="fidelity">How well the model agrees with the places that the trace shows: where it does, the trace itself proves which account
    /// is right.</param>
    /// <returns>The same with less confidence and the reason.</returns>
    public static Incident Lower(Incident incident, Fidelity fidelity) => IsProven(incident, fidelity)
        ? incident
        : incident with
        {
            Confidence = Math.Round(incident.Confidence * Left, 2),
            Uncertain = [.. incident.Uncertain, "The sources contradict each other (see the warnings), so less is certain than their lines alone would say."],
        };

    private static bool IsProven(Incident incident, Fidelity fidelity) => incident.FromTrace
        ? fidelity.Compared > 0 && fidelity.Equal >= fidelity.Compared * Agreement
        : incident.Confidence >= LogRules.Conclusion.Proven;
}
