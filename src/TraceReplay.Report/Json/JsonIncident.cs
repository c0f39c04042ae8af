using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>The incidents of the contract's JSON.</summary>
internal static class JsonIncident
{
    public static void Write(Utf8JsonWriter json, Incident incident, AnalysisReport report)
    {
        json.WriteStartObject();
        json.WriteNumber("id", incident.Id);
        if (incident.CaseName.Length > 0)
        {
            json.WriteString("case", incident.CaseName);
        }

        json.WriteNumber("pool", incident.Pool);
        json.WriteString("pool_kind", incident.PoolKind.Name());
        json.WriteString("level", incident.FromTrace ? "trace" : "log");
        json.WriteString("cause", incident.Cause.Name());
        json.Share("confidence", incident.Confidence);
        json.Text("verdict", incident.Verdict);
        json.WriteString("clock", Summary.Clock(report, incident).Name());
        WriteFirstFailure(json, incident, report);
        json.WriteNumber("failures", incident.Failures);
        json.WriteNumber("suppressed", incident.Suppressed);
        if (incident is { FailureRange: { } range, Suppressed: > 0 })
        {
            json.WriteStartObject("failure_range");
            json.WriteNumber("least", range.Least);
            json.Count("most", range.Most);
            json.WriteEndObject();
        }

        json.Moment("last_failure_time", incident.LastFailureTimeNs);
        json.Text("last_failure_time_text", incident.LastFailureTimeNs == TraceEvent.NoTime ? null : Summary.LastFailure(report, incident));
        if (incident.LastFailureSource.Path is { Length: > 0 } last && last != incident.FirstFailure?.Source.Path)
        {
            json.WriteString("last_failure_path", last);
        }

        json.Array("causes", incident.Causes, WriteCause);
        json.Array("reporters", incident.Reporters, WriteReporter);
        json.Array("holders", incident.Holders, WriteHolder);
        json.Array("culprits", incident.Culprits, WriteCulprit);
        json.Text("explanation", incident.Explanation);
        json.Array("evidence", incident.Evidence, WriteEvidence);
        WriteLeastSize(json, incident.LeastSize);
        json.Array("remedies", incident.Remedies, WriteRemedy);
        json.Array("known_issues", incident.KnownIssues, WriteKnownIssue);
        json.Array("uncertain", incident.Uncertain, static (writer, text) => writer.WriteStringValue(text));
        json.Array("next_capture", incident.NextCapture, static (writer, text) => writer.WriteStringValue(text));
        json.WriteEndObject();
    }

    private static string? Told(AnalysisReport report, Incident incident, long timeNs) =>
        timeNs == TraceEvent.NoTime ? null : Summary.Moment(report, incident, timeNs);

    private static void WriteFirstFailure(Utf8JsonWriter json, Incident incident, AnalysisReport report)
    {
        if (incident.FirstFailure is not { } first)
        {
            json.WriteNull("first_failure");
            return;
        }

        json.WriteStartObject("first_failure");
        json.Moment("time", first.TimeNs);
        json.Text("time_text", Told(report, incident, first.TimeNs));
        json.Text("device", first.Device);
        json.Text("driver", first.Driver);
        json.Text("task", first.Task);
        json.WriteString("cause", first.Cause.Name());
        json.Count("bytes", first.Bytes);
        json.Count("units", first.Units);
        json.Count("used_units", first.UsedUnits);
        json.Count("free_units", first.FreeUnits);
        json.Count("largest_free_run", first.LargestFreeRun);
        json.Count("total_units", first.TotalUnits);
        json.Place(first.Source);
        json.WriteEndObject();
    }

    private static void WriteCause(Utf8JsonWriter json, CauseCount count)
    {
        json.WriteStartObject();
        json.WriteString("cause", count.Cause.Name());
        json.WriteNumber("failures", count.Failures);
        json.WriteEndObject();
    }

    private static void WriteReporter(Utf8JsonWriter json, Reporter reporter)
    {
        json.WriteStartObject();
        json.Text("device", reporter.Device);
        json.Text("driver", reporter.Driver);
        json.WriteNumber("failures", reporter.Failures);
        json.WriteNumber("named", reporter.Named);
        json.WriteEndObject();
    }

    private static void WriteHolder(Utf8JsonWriter json, Holder holder)
    {
        json.WriteStartObject();
        json.Text("device", holder.Device);
        json.Text("driver", holder.Driver);
        json.Text("consumer", holder.Consumer);
        json.WriteNumber("bytes", holder.Bytes);
        json.WriteNumber("units", holder.Units);
        json.WriteNumber("mappings", holder.Mappings);
        json.Share("share", holder.Share);
        json.Real("oldest_age_seconds", holder.OldestAgeSeconds);
        json.Real("growth_units_per_second", holder.GrowthUnitsPerSecond);
        json.Array("consumers", holder.Consumers, WriteConsumer);
        json.WriteEndObject();
    }

    private static void WriteConsumer(Utf8JsonWriter json, ConsumerShare share)
    {
        json.WriteStartObject();
        json.WriteString("consumer", share.Consumer);
        json.Text("alias", share.Alias);
        json.WriteNumber("units", share.Units);
        json.WriteNumber("mappings", share.Mappings);
        json.WriteEndObject();
    }

    private static void WriteCulprit(Utf8JsonWriter json, Culprit culprit)
    {
        json.WriteStartObject();
        json.Text("device", culprit.Device);
        json.Text("driver", culprit.Driver);
        json.Share("blame", culprit.Blame);
        json.WriteNumber("failures_without", culprit.FailuresWithout);
        json.WriteEndObject();
    }

    private static void WriteEvidence(Utf8JsonWriter json, Evidence evidence)
    {
        json.WriteStartObject();
        json.WriteString("text", evidence.Text);
        json.Place(evidence.Source);
        json.WriteEndObject();
    }

    private static void WriteLeastSize(Utf8JsonWriter json, LeastSize? least)
    {
        if (least is null)
        {
            json.WriteNull("least_size");
            return;
        }

        json.WriteStartObject("least_size");
        json.WriteNumber("units", least.Units);
        json.WriteNumber("bytes", least.Bytes);
        json.WriteString("bound", least.Exact ? "exact" : "lower");
        json.WriteNumber("recommended_units", least.RecommendedUnits);
        json.Text("boot_parameter", least.BootParameter);
        json.WriteEndObject();
    }

    private static void WriteRemedy(Utf8JsonWriter json, Remedy remedy)
    {
        json.WriteStartObject();
        json.WriteString("change", remedy.Change);
        json.WriteString("kind", remedy.Kind);
        json.WriteBoolean("proven", remedy.Proven);
        json.Count("failures_after", remedy.FailuresAfter);
        json.WriteString("basis", remedy.Basis);
        json.Text("risk", remedy.Risk);
        json.Text("note", remedy.Note);
        json.WriteEndObject();
    }

    /// <summary>A known issue that fits.</summary>
    public static void WriteKnownIssue(Utf8JsonWriter json, KnownIssueMatch match)
    {
        json.WriteStartObject();
        json.WriteString("id", match.Id);
        json.WriteString("title", match.Title);
        json.Share("confidence", match.Confidence);
        json.Text("why", match.Why);
        json.Text("fix", match.Fix);
        json.Text("workaround", match.Workaround);
        json.Text("source", match.Source);
        json.WriteEndObject();
    }
}
