using System.Text.Encodings.Web;
using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Demand;
using TraceReplay.Demand.Planning;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>Writes a plan as JSON, schema <c>tracereplay.plan/1</c> (described in src/README.md). Every number that is known
/// within bounds is an object of <c>least</c>, <c>most</c>, <c>basis</c> and <c>source</c>; what is not known is null.</summary>
public static class PlanJson
{
    /// <summary>Name and version of the schema.</summary>
    public const string Schema = "tracereplay.plan/1";

    /// <summary>Writes the plan as one indented UTF-8 document that ends with a newline.</summary>
    /// <param name="report">The plan.</param>
    /// <param name="output">Receives the bytes; left open.</param>
    public static void Write(PlanReport report, Stream output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        var options = new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.Default, NewLine = "\n" };
        using (var json = new Utf8JsonWriter(output, options))
        {
            json.WriteStartObject();
            json.WriteString("schema", Schema);
            json.WriteString("tool_version", ToolVersion.Text);
            json.WriteString("verdict", report.Verdict.Name());
            json.Text("kernel", report.Kernel);
            json.Text("arch", report.Arch);
            json.Array("pools", report.Pools, WritePool);
            json.Array("assumptions", report.Notes, static (writer, note) => writer.WriteStringValue(note));
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WritePool(Utf8JsonWriter json, PoolPlan plan)
    {
        json.WriteStartObject();
        json.WriteString("spec", plan.Spec);
        json.WriteString("kind", plan.Kind.Name());
        json.WriteString("model", plan.Model);
        json.WriteString("kernel", plan.Geometry.Kernel);
        json.WriteNumber("units", plan.Geometry.Units);
        json.WriteNumber("unit_bytes", plan.Geometry.UnitBytes);
        json.WriteNumber("pools", plan.Count);
        json.Array("defaulted", plan.Defaulted, static (writer, name) => writer.WriteStringValue(name));
        json.WriteString("verdict", plan.Verdict.Name());
        Bounds(json, "demand", plan.Demand);
        Bounds(json, "usable", plan.Usable);
        Bounds(json, "usable_commands", plan.UsableCommands);
        json.WriteStartObject("margin");
        json.WriteNumber("least", plan.Margin.Least);
        json.WriteNumber("most", plan.Margin.Most);
        json.WriteEndObject();
        json.WriteNumber("largest_request_units", plan.MostUnitsPerRequest);
        json.WriteBoolean("exceeds_request_limit", plan.ExceedsRequestLimit);
        json.WriteString("summary", PlanWording.Headline(plan));
        json.Array("hosts", plan.Hosts, WriteHost);
        json.Array("settings", plan.Settings, (writer, setting) => WriteSetting(writer, plan, setting));
        json.Array("notes", plan.Notes, static (writer, note) => writer.WriteStringValue(note));
        json.WriteEndObject();
    }

    private static void WriteHost(Utf8JsonWriter json, HostPlan plan)
    {
        json.WriteStartObject();
        json.WriteString("host", plan.Host.Name);
        json.Text("driver", plan.Host.Driver);
        Bounds(json, "lun_paths", plan.Host.LunPaths);
        Bounds(json, "queue_depth", plan.Host.QueueDepth);
        Bounds(json, "can_queue", plan.Host.CanQueue);
        Bounds(json, "segments", plan.Host.Segments);
        Bounds(json, "segment_bytes", plan.Host.SegmentBytes);
        Bounds(json, "commands", plan.Commands);
        json.WriteString("commands_limited_by", plan.LimitedByHost ? "can_queue" : "queue_depth");
        Bounds(json, "units_per_command", plan.UnitsPerCommand);
        Bounds(json, "permanent_units", plan.Permanent);
        Bounds(json, "demand", plan.Demand);
        json.WriteEndObject();
    }

    private static void WriteSetting(Utf8JsonWriter json, PoolPlan plan, Setting setting)
    {
        json.WriteStartObject();
        json.WriteString("kind", setting.Kind switch
        {
            SettingKind.QueueDepth => "queue-depth",
            SettingKind.HostCommands => "host-commands",
            SettingKind.Segments => "segments",
            SettingKind.LunPaths => "lun-paths",
            _ => "pool-size",
        });
        json.Text("parameter", setting.Name);
        json.Count("value", setting.Value is { } value ? value + setting.Reserved : null);
        Bounds(json, "present", setting.Present?.Plus(Estimate.Exactly(setting.Reserved, setting.Present.Basis, setting.Present.Source)));
        json.Text("change", PlanWording.Change(plan, setting));
        json.Text("note", setting.Note);
        json.WriteEndObject();
    }

    private static void Bounds(Utf8JsonWriter json, string name, Estimate? estimate)
    {
        if (estimate is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("least", estimate.Least);
        json.WriteNumber("most", estimate.Most);
        json.WriteString("basis", estimate.Basis.Name());
        json.WriteString("source", estimate.Source);
        json.WriteEndObject();
    }
}
