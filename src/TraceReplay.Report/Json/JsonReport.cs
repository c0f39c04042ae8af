using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>Writes the contract's JSON, schema <c>tracereplay.report/1</c>. Times are numbers in seconds, exact to the
/// nanosecond, with the integer nanoseconds beside them; what is not known is null; the order never changes.</summary>
public static class JsonReport
{
    /// <summary>Name and version of the schema.</summary>
    public const string Schema = "tracereplay.report/1";

    /// <summary>Writes the report as one indented UTF-8 document that ends with a newline.</summary>
    /// <param name="report">The report.</param>
    /// <param name="output">Receives the bytes; left open.</param>
    public static void Write(AnalysisReport report, Stream output)
    {
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.Default, NewLine = "\n" };
        using (var json = new Utf8JsonWriter(output, options))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("tool_version", ToolVersion.Text);
            json.Array("sources", report.Sources, WriteSource);
            json.WritePropertyName("machine");
            WriteMachine(json, report.Machine);
            if (report.Machines.Count > 0)
            {
                json.Array("machines", report.Machines, WriteMachine);
            }

            json.Array("pools", report.Pools, WritePool);
            json.Array("incidents", report.Incidents, (writer, incident) => JsonIncident.Write(writer, incident, report));
            json.Array("known_issues", report.KnownIssues, JsonIncident.WriteKnownIssue);
            WriteFidelity(json, report.Fidelity);
            json.Array("clocks", report.Clocks, WriteClock);
            json.Array("warnings", report.Warnings, WriteWarning);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteSource(Utf8JsonWriter json, SourceSummary source)
    {
        json.WriteStartObject();
        json.WriteString("path", source.Path);
        json.WriteString("format", source.Format);
        json.WriteString("sha256", source.Sha256);
        json.WriteNumber("bytes", source.Bytes);
        json.WriteNumber("records", source.Records);
        json.WriteNumber("events", source.Events);
        json.WriteNumber("skipped", source.Skipped);
        json.WriteNumber("lost", source.Lost);
        json.WriteString("clock", source.Clock.Name());
        if (source.YearFrom != YearOrigin.None || source.Clock == ClockDomain.WallNoYear)
        {
            json.Count("year", source.Year ?? -1);
            json.Text("year_from", source.YearFrom.Name());
        }

        json.WriteEndObject();
    }

    private static void WriteClock(Utf8JsonWriter json, (string Path, ClockOffsetFact Offset) clock)
    {
        json.WriteStartObject();
        json.WriteString("path", clock.Path);
        json.WriteString("from", clock.Offset.From.Name());
        json.WriteString("to", clock.Offset.To.Name());
        json.WriteNumber("offset_ns", clock.Offset.OffsetNs);
        json.WriteNumber("spread_ns", clock.Offset.SpreadNs);
        json.WriteNumber("lines", clock.Offset.Lines);
        json.WriteNumber("boot", clock.Offset.Boot);
        json.Moment("since", clock.Offset.SinceNs);
        json.Place(clock.Offset.Source);
        json.WriteEndObject();
    }

    private static void WriteMachine(Utf8JsonWriter json, MachineReport machine)
    {
        json.WriteStartObject();
        if (machine.CaseName.Length > 0)
        {
            json.WriteString("case", machine.CaseName);
        }

        json.Text("kernel", machine.Kernel);
        json.Text("arch", machine.Arch);
        json.Text("cmdline", machine.CommandLine);
        json.Text("boot_time", machine.BootTime);
        if (machine.Inventory is { } inventory)
        {
            JsonInventory.Write(json, inventory);
        }

        json.WriteEndObject();
    }

    private static void WritePool(Utf8JsonWriter json, PoolReport pool)
    {
        json.WriteStartObject();
        json.WriteNumber("id", pool.Id);
        json.WriteString("kind", pool.Kind.Name());
        json.Text("model", pool.Model);
        WriteGeometry(json, pool);
        json.WriteString("geometry_from", Words.Origin(pool.GeometryFrom));
        json.Count("peak_used_units", pool.PeakUsedUnits);
        json.Moment("peak_time", pool.PeakTimeNs);
        json.WriteNumber("failures", pool.Failures);
        json.Count("held_before_trace_units", pool.HeldBeforeTraceUnits);
        json.WriteNumber("mappings", pool.Mappings);
        json.WriteEndObject();
    }

    private static void WriteGeometry(Utf8JsonWriter json, PoolReport pool)
    {
        json.WriteStartObject("geometry");
        json.Count("unit_bytes", pool.UnitBytes > 0 ? pool.UnitBytes : -1);
        json.Count("units", pool.Units > 0 ? pool.Units : -1);
        json.WriteNumber("areas", pool.Areas);
        json.Text("base", pool.Base is { } start ? string.Create(CultureInfo.InvariantCulture, $"0x{start:x}") : null);
        foreach (var (name, value) in pool.More.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (name is not ("unit_bytes" or "units" or "areas" or "base"))
            {
                json.WriteNumber(name, value);
            }
        }

        json.WriteEndObject();
    }

    private static void WriteFidelity(Utf8JsonWriter json, Fidelity fidelity)
    {
        json.WriteStartObject("fidelity");
        json.WriteNumber("allocations", fidelity.Allocations);
        json.WriteNumber("compared", fidelity.Compared);
        json.WriteNumber("equal", fidelity.Equal);
        json.Text("explanation", fidelity.Explanation);
        json.WriteEndObject();
    }

    private static void WriteWarning(Utf8JsonWriter json, Diagnostic warning)
    {
        json.WriteStartObject();
        json.WriteString("code", warning.Code);
        json.WriteString("severity", SeverityName(warning.Severity));
        json.WriteString("text", warning.Message);
        json.Text("hint", warning.Hint);
        json.Place(warning.Source);
        json.WriteEndObject();
    }

    private static string SeverityName(Severity severity) => severity switch
    {
        Severity.Info => "info",
        Severity.Warning => "warning",
        Severity.DataLoss => "data-loss",
        _ => "error",
    };
}
