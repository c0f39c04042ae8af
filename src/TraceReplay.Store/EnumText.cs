using TraceReplay.Core;

namespace TraceReplay.Store;

/// <summary>The spelling of enumerations in the database, and back.</summary>
internal static class EnumText
{
    private static readonly string[] Origins = ["option", "trace", "log", "default"];
    private static readonly string[] Moments = ["sample", "before-trace", "after-trace"];
    private static readonly string[] ParameterOrigins = ["running", "command-line", "configured"];
    private static readonly string[] Severities = ["info", "warning", "data-loss", "error"];
    private static readonly Dictionary<string, EventKind> Kinds =
        EventKindNames.All.Select((name, i) => (name, i)).ToDictionary(p => p.name, p => (EventKind)p.i, StringComparer.Ordinal);

    public static string Text(GeometryOrigin origin) => Origins[(int)origin];

    public static string Text(UsageMoment moment) => Moments[(int)moment];

    public static string Text(ParameterOrigin origin) => ParameterOrigins[(int)origin];

    public static string Text(Severity severity) => Severities[(int)severity];

    public static ClockDomain Clock(string text) => ClockNames.Parse(text) ?? throw Unknown(text, "clock");

    public static GeometryOrigin Origin(string text) => (GeometryOrigin)Index(Origins, text, "origin");

    public static UsageMoment Moment(string text) => (UsageMoment)Index(Moments, text, "moment");

    public static ParameterOrigin ParameterOrigin(string text) => (ParameterOrigin)Index(ParameterOrigins, text, "parameter origin");

    public static Severity Severity(string text) => (Severity)Index(Severities, text, "severity");

    public static PoolKind Pool(string text) => PoolKindNames.Parse(text) ?? throw Unknown(text, "pool kind");

    public static EventKind Kind(string text) => Kinds.TryGetValue(text, out var kind) ? kind : throw Unknown(text, "event kind");

    private static int Index(string[] names, string text, string what)
    {
        var index = Array.IndexOf(names, text);
        return index >= 0 ? index : throw Unknown(text, what);
    }

    // Only a file that another program changed can get here.
    private static StoreException Unknown(string text, string what) =>
        new(StoreError.Corrupt, $"the database holds the {what} \"{Terminal.Escape(text)}\", which this version does not know");
}
