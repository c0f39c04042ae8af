using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>An incident of the report as rows.</summary>
internal static class IncidentRows
{
    /// <summary>Makes the rows.</summary>
    /// <param name="incident">The incident.</param>
    /// <param name="poolId"><c>pool.id</c>.</param>
    /// <param name="runId"><c>run.id</c>, null = from log messages only.</param>
    /// <returns>The rows.</returns>
    public static IncidentRow Of(Incident incident, long poolId, long? runId) => new()
    {
        RunId = runId,
        CaseName = incident.CaseName,
        PoolId = poolId,
        PoolKind = incident.PoolKind,
        FromTrace = incident.FromTrace,
        Cause = incident.Cause.Name(),
        Confidence = incident.Confidence,
        FirstFailure = incident.FirstFailure is { } first ? Row(first) : null,
        Failures = incident.Failures,
        Suppressed = incident.Suppressed,
        LastFailureTimeNs = Time(incident.LastFailureTimeNs),
        Explanation = incident.Verdict + " " + incident.Explanation,
        LeastSize = incident.LeastSize is { } least
            ? new LeastSizeRow(least.Units, least.Bytes, least.Exact, least.RecommendedUnits, least.BootParameter)
            : null,
        Causes = [.. incident.Causes.Select(c => new CauseRow(c.Cause.Name(), c.Failures))],
        Reporters = [.. incident.Reporters.Select(r => new ReporterRow(r.Device, r.Driver, r.Failures, r.Named))],
        Holders = [.. incident.Holders.SelectMany(Rows)],
        Culprits = [.. incident.Culprits.Select(c => new CulpritRow(c.Device, c.Driver, c.Blame, c.FailuresWithout))],
        Evidence = [.. incident.Evidence.Select(e => new EvidenceRow(e.Text, new SourceRef(e.Source.Path ?? string.Empty, e.Source.Line)))],
        Remedies = [.. incident.Remedies.Select(r => new RemedyRow(r.Change, r.Kind, r.Proven, r.FailuresAfter, r.Note)
        {
            Basis = r.Basis, Risk = r.Risk,
        })],
        KnownIssues = [.. incident.KnownIssues.Select(Row)],
        NextCapture = incident.NextCapture,
    };

    /// <summary>A known issue as a row.</summary>
    /// <param name="match">The match.</param>
    /// <returns>The row.</returns>
    public static KnownIssueRow Row(KnownIssueMatch match) =>
        new(match.Id, match.Title, match.Confidence, match.Why, match.Fix, match.Workaround, match.Source);

    private static FirstFailureRow Row(FailureReport first) => new()
    {
        TimeNs = Time(first.TimeNs), Device = first.Device, Driver = first.Driver, Bytes = first.Bytes, Units = first.Units,
        UsedUnits = first.UsedUnits, FreeUnits = first.FreeUnits, LargestFreeRun = first.LargestFreeRun,
        Source = new SourceRef(first.Source.Path ?? string.Empty, first.Source.Line),
    };

    /// <summary>The device as a whole, then its consumers.</summary>
    private static IEnumerable<HolderRow> Rows(Holder holder)
    {
        yield return new HolderRow(holder.Device, holder.Driver, holder.Consumer, holder.Bytes, holder.Units, holder.Mappings,
            holder.Share, holder.OldestAgeSeconds, holder.GrowthUnitsPerSecond);
        foreach (var consumer in holder.Consumers)
        {
            var share = holder.Units == 0 ? 0 : holder.Share * consumer.Units / holder.Units;
            yield return new HolderRow(holder.Device, holder.Driver,
                consumer.Alias.Length > 0 ? $"{consumer.Consumer} {consumer.Alias}" : consumer.Consumer,
                0, consumer.Units, consumer.Mappings, share, null, null);
        }
    }

    private static long? Time(long timeNs) => timeNs == TraceEvent.NoTime ? null : timeNs;
}
