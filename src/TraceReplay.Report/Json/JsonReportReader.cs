using System.Globalization;
using System.Text.Json;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>Reads what <see cref="JsonReport"/> writes, for pages from a stored report. Fields that are missing or of another kind are
/// taken as not known: a report of an older version can be read too.</summary>
public static class JsonReportReader
{
    /// <summary>Reads a report.</summary>
    /// <param name="json">A document of the schema <c>tracereplay.report/1</c>.</param>
    /// <returns>The report without the pools' use over time, which the document does not hold; null if it is no such document.</returns>
    public static AnalysisReport? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && Text(root, "schema") == JsonReport.Schema ? Report(root) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AnalysisReport Report(JsonElement root) => new()
    {
        Sources = List(root, "sources", Source),
        Machine = Child(root, "machine") is { } machine ? Machine(machine) : new MachineReport(),
        Machines = List(root, "machines", Machine),
        Pools = List(root, "pools", Pool),
        Incidents = List(root, "incidents", Incident),
        KnownIssues = List(root, "known_issues", KnownIssue),
        Fidelity = Child(root, "fidelity") is { } fidelity
            ? new Fidelity(Whole(fidelity, "allocations"), Whole(fidelity, "compared"), Whole(fidelity, "equal"), Text(fidelity, "explanation"))
            : new Fidelity(0, 0, 0, string.Empty),
        Warnings = List(root, "warnings", w => new Diagnostic(Text(w, "code"), Severity(Text(w, "severity")), Text(w, "text"), Place(w), Text(w, "hint"))),
        Clocks = List(root, "clocks", Clock),
    };

    private static MachineReport Machine(JsonElement m) => new()
    {
        CaseName = Text(m, "case"),
        Kernel = Known(m, "kernel"),
        Arch = Known(m, "arch"),
        CommandLine = Known(m, "cmdline"),
        BootTime = Known(m, "boot_time"),
        Inventory = Child(m, "inventory") is { } inventory ? Inventory(inventory) : null,
    };

    private static InventoryReport Inventory(JsonElement i) => new()
    {
        Model = Known(i, "model"),
        Distribution = Known(i, "distribution"),
        Cpus = Small(i, "cpus"),
        MemoryBytes = Count(i, "memory_bytes"),
        MemoryEnd = Count(i, "memory_end"),
        LunPaths = Whole(i, "lun_paths"),
        LunPathsFromLog = Whole(i, "lun_paths_from_log"),
        Luns = Count(i, "luns"),
        Maps = Whole(i, "multipath_maps"),
        PathsPerMap = Range(i, "paths_per_map"),
        QueueDepth = Range(i, "queue_depth"),
        Hosts = List(i, "hosts", h => new HostReport(new ScsiHostFact(Small(h, "host") ?? 0, Place(h))
        {
            Driver = Known(h, "driver"), DriverVersion = Known(h, "driver_version"), Device = Known(h, "device"), Model = Known(h, "model"),
            CanQueue = Count(h, "can_queue"), CmdPerLun = Count(h, "cmd_per_lun"), SgTablesize = Count(h, "sg_tablesize"),
            LunQueueDepth = Count(h, "lun_queue_depth"), HbaQueueDepth = Count(h, "hba_queue_depth"), SgSegCnt = Count(h, "sg_seg_cnt"),
        }, Whole(h, "lun_paths"))),
        Parameters = List(i, "parameters", p => new ModuleParameterFact(Text(p, "module"), Text(p, "parameter"), Text(p, "value"),
            Enum.GetValues<ParameterOrigin>().FirstOrDefault(o => InventoryWords.Origin(o) == Text(p, "origin"), ParameterOrigin.Configured), Place(p))),
    };

    private static (long Least, long Most)? Range(JsonElement element, string name) =>
        Child(element, name) is { } range ? (Whole(range, "least"), Whole(range, "most")) : null;

    private static int? Small(JsonElement element, string name) => Count(element, name) is >= 0 and <= int.MaxValue and var number ? (int)number : null;

    private static (string Path, ClockOffsetFact Offset) Clock(JsonElement c) => (Text(c, "path"), new ClockOffsetFact(
        ClockNames.Parse(Text(c, "from")) ?? ClockDomain.None, ClockNames.Parse(Text(c, "to")) ?? ClockDomain.None, Whole(c, "offset_ns"), Place(c))
    {
        SpreadNs = Whole(c, "spread_ns"), Lines = Whole(c, "lines"), Boot = (int)Whole(c, "boot"), SinceNs = Time(c, "since"),
    });

    private static SourceSummary Source(JsonElement s) => new()
    {
        Path = Text(s, "path"), Format = Text(s, "format"), Sha256 = Text(s, "sha256"), Bytes = Whole(s, "bytes"), Records = Whole(s, "records"),
        Events = Whole(s, "events"), Skipped = Whole(s, "skipped"), Lost = Whole(s, "lost"),
        Clock = ClockNames.Parse(Text(s, "clock")) ?? ClockDomain.None,
        Year = (int?)Count(s, "year"), YearFrom = YearOrigins.Parse(Text(s, "year_from")),
    };

    private static PoolReport Pool(JsonElement p)
    {
        var geometry = Child(p, "geometry") ?? default;
        string[] usual = ["unit_bytes", "units", "areas", "base"];
        var start = Text(geometry, "base");
        return new PoolReport
        {
            Id = (int)Whole(p, "id"),
            Kind = Kind(Text(p, "kind")),
            Model = Text(p, "model"),
            UnitBytes = Count(geometry, "unit_bytes") ?? 0,
            Units = Count(geometry, "units") ?? 0,
            Areas = (int)Math.Clamp(Whole(geometry, "areas"), 0, int.MaxValue),
            Base = start.StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(start.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var address)
                ? address : null,
            More = geometry.ValueKind == JsonValueKind.Object
                ? geometry.EnumerateObject().Where(v => !usual.Contains(v.Name, StringComparer.Ordinal) && v.Value.ValueKind == JsonValueKind.Number)
                    .DistinctBy(v => v.Name, StringComparer.Ordinal).ToDictionary(v => v.Name, v => v.Value.TryGetInt64(out var n) ? n : 0, StringComparer.Ordinal)
                : new Dictionary<string, long>(StringComparer.Ordinal),
            GeometryFrom = Enum.GetValues<GeometryOrigin>().FirstOrDefault(o => Words.Origin(o) == Text(p, "geometry_from"), GeometryOrigin.Default),
            PeakUsedUnits = Count(p, "peak_used_units") ?? -1,
            PeakTimeNs = Time(p, "peak_time"),
            Failures = Whole(p, "failures"),
            HeldBeforeTraceUnits = Count(p, "held_before_trace_units") ?? -1,
            Mappings = Whole(p, "mappings"),
        };
    }

    private static Incident Incident(JsonElement i) => new()
    {
        Id = (int)Whole(i, "id"),
        CaseName = Text(i, "case"),
        Pool = (int)Whole(i, "pool"),
        PoolKind = Kind(Text(i, "pool_kind")),
        FromTrace = Text(i, "level") == "trace",
        Cause = Cause(Text(i, "cause")),
        Confidence = Real(i, "confidence") ?? 0,
        Verdict = Text(i, "verdict"),
        FirstFailure = Child(i, "first_failure") is { } first ? Failure(first) : null,
        Failures = Whole(i, "failures"),
        Suppressed = Whole(i, "suppressed"),
        FailureRange = Child(i, "failure_range") is { } range ? new FailureRange(Whole(range, "least"), Count(range, "most")) : null,
        LastFailureTimeNs = Time(i, "last_failure_time"),
        LastFailureSource = new SourceRef(Text(i, "last_failure_path"), 0),
        Causes = List(i, "causes", c => new CauseCount(Cause(Text(c, "cause")), Whole(c, "failures"))),
        Reporters = List(i, "reporters", r => new Reporter(Text(r, "device"), Text(r, "driver"), Whole(r, "failures"), Whole(r, "named"))),
        Holders = List(i, "holders", Holder),
        Culprits = List(i, "culprits", c => new Culprit(Text(c, "device"), Text(c, "driver"), Real(c, "blame") ?? 0, Whole(c, "failures_without"))),
        Explanation = Text(i, "explanation"),
        Evidence = List(i, "evidence", e => new Evidence(Text(e, "text"), Place(e))),
        LeastSize = Child(i, "least_size") is { } least
            ? new LeastSize(Whole(least, "units"), Whole(least, "bytes"), Text(least, "bound") == "exact", Whole(least, "recommended_units"), Text(least, "boot_parameter"))
            : null,
        Remedies = List(i, "remedies", r => new Remedy(Text(r, "change"), Text(r, "kind"), Flag(r, "proven"), Count(r, "failures_after"), Text(r, "note"))
        {
            Basis = Text(r, "basis"), Risk = Text(r, "risk"),
        }),
        KnownIssues = List(i, "known_issues", KnownIssue),
        Uncertain = Texts(i, "uncertain"),
        NextCapture = Texts(i, "next_capture"),
    };

    private static FailureReport Failure(JsonElement f) => new()
    {
        TimeNs = Time(f, "time"), Device = Text(f, "device"), Driver = Text(f, "driver"), Task = Text(f, "task"), Cause = Cause(Text(f, "cause")),
        Bytes = Count(f, "bytes"), Units = Count(f, "units"), UsedUnits = Count(f, "used_units"), FreeUnits = Count(f, "free_units"),
        LargestFreeRun = Count(f, "largest_free_run"), TotalUnits = Count(f, "total_units"), Source = Place(f),
    };

    private static Holder Holder(JsonElement h) => new()
    {
        Device = Text(h, "device"), Driver = Text(h, "driver"), Consumer = Text(h, "consumer"), Bytes = Whole(h, "bytes"), Units = Whole(h, "units"),
        Mappings = Whole(h, "mappings"), Share = Real(h, "share") ?? 0, OldestAgeSeconds = Real(h, "oldest_age_seconds"),
        GrowthUnitsPerSecond = Real(h, "growth_units_per_second"),
        Consumers = List(h, "consumers", c => new ConsumerShare(Text(c, "consumer"), Text(c, "alias"), Whole(c, "units"), Whole(c, "mappings"))),
    };

    private static KnownIssueMatch KnownIssue(JsonElement k) => new(
        Text(k, "id"), Text(k, "title"), Real(k, "confidence") ?? 0, Text(k, "why"), Text(k, "fix"), Text(k, "workaround"), Text(k, "source"));

    private static PoolKind Kind(string name) => PoolKindNames.Parse(name) ?? PoolKind.Unknown;

    private static Cause Cause(string name)
    {
        for (var i = 0; i < CauseNames.All.Count; i++)
        {
            if (CauseNames.All[i] == name)
            {
                return (Cause)i;
            }
        }

        return Diagnosis.Cause.Unknown;
    }

    private static Severity Severity(string name) => name switch
    {
        "info" => Core.Severity.Info,
        "warning" => Core.Severity.Warning,
        "data-loss" => Core.Severity.DataLoss,
        _ => Core.Severity.Error,
    };

    private static SourceRef Place(JsonElement element) => Child(element, "source") is { } place
        ? new SourceRef(Text(place, "path"), Count(place, "line") ?? 0)
        : default;

    private static JsonElement? Child(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? child : null;

    private static List<T> List<T>(JsonElement element, string name, Func<JsonElement, T> read) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.Object).Select(read)]
            : [];

    private static List<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Where(e => e.ValueKind == JsonValueKind.String).Select(e => e.GetString()!)]
            : [];

    private static string Text(JsonElement element, string name) => Known(element, name) ?? string.Empty;

    private static string? Known(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;

    private static long? Count(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number && number.TryGetInt64(out var value)
            ? value : null;

    private static long Whole(JsonElement element, string name) => Count(element, name) ?? 0;

    private static double? Real(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var number) && number.ValueKind == JsonValueKind.Number ? number.GetDouble() : null;

    private static bool Flag(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    private static long Time(JsonElement element, string name) => Count(element, name + "_ns") ?? TraceEvent.NoTime;
}
