using TraceReplay.Core;
using TraceReplay.Diagnosis.Knowledge;
using TraceReplay.Diagnosis.KnownIssues;

namespace TraceReplay.Diagnosis.Advice;

/// <summary>Adds to a diagnosed incident what is known beyond it: matching issues, remedies in the operator's words, what to capture
/// next.</summary>
public static class IncidentAdvice
{
    /// <summary>Completes an incident.</summary>
    /// <param name="incident">As diagnosed.</param>
    /// <param name="facts">The case.</param>
    /// <param name="pool">The incident's pool.</param>
    /// <param name="issues">The known issues.</param>
    /// <returns>The incident with advice.</returns>
    public static Incident Complete(Incident incident, CaseFacts facts, PoolReport? pool, KnownIssueCatalog issues)
    {
        ArgumentNullException.ThrowIfNull(incident);
        ArgumentNullException.ThrowIfNull(issues);
        var evidence = CaseEvidence.Of(incident, facts, pool);
        var captures = CaptureCatalog.For(evidence);

        return incident with
        {
            KnownIssues = issues.Match(evidence),
            Remedies = RemedyCatalog.For(evidence, incident.Remedies),
            NextCapture = [.. incident.NextCapture.Concat(captures).Distinct(StringComparer.Ordinal)],
        };
    }

    /// <summary>Issues that the log shows although no mapping is known to have failed of them.</summary>
    /// <param name="facts">The case.</param>
    /// <param name="incidents">The incidents; what they show already is left out.</param>
    /// <param name="issues">The known issues.</param>
    /// <returns>The matches, best first.</returns>
    public static IReadOnlyList<KnownIssueMatch> OfCase(CaseFacts facts, IReadOnlyList<Incident> incidents, KnownIssueCatalog issues)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(issues);
        var shown = incidents.SelectMany(i => i.KnownIssues).Select(m => m.Id).ToHashSet(StringComparer.Ordinal);
        return facts.Messages.Count == 0 && facts.Geometry.All(g => g.Kind == PoolKind.Unknown) ? []
            : [.. issues.Match(CaseEvidence.Of(null, facts, null)).Where(m => !shown.Contains(m.Id))];
    }
}
