using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis.LogRules;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis.Tests.LogRules;

/// <summary>A log made of messages as the parsers give them.</summary>
internal sealed class LogScene(PoolKind kind)
{
    private long _line;

    public CaseFacts Facts { get; } = new();

    public LogCase Case => LogCase.For(Facts, kind, FailureFilter.All);

    /// <summary>"swiotlb buffer is full" with numbers, or the line of another pool.</summary>
    public LogScene Full(long bytes, long? total = null, long? used = null, string device = "0000:00:02.0", string driver = "virtio-pci", double at = 1, string family = "swiotlb-full") =>
        Add(new LogMessageFact(family, kind, true, Time(at), "swiotlb buffer is full", Next())
        {
            Device = device, Driver = driver, Bytes = bytes, TotalUnits = total, UsedUnits = used,
        });

    /// <summary>A failing line that counts pages.</summary>
    public LogScene Pages(string family, long pages, string device = "", string driver = "", double at = 1, string? ret = null) =>
        Add(new LogMessageFact(family, kind, true, Time(at), $"{family} {pages} pages", Next())
        {
            Device = device, Driver = driver, Pages = pages, Fields = Fields(ret is null ? [] : [("ret", ret)]),
        });

    /// <summary>A failing line known by its words.</summary>
    public LogScene Failure(string family, string text = "words", long? bytes = null, params (string Name, string Value)[] fields) =>
        Add(new LogMessageFact(family, kind, true, TraceEvent.NoTime, text, Next()) { Bytes = bytes, Fields = Fields(fields) });

    /// <summary>A line that states no failure.</summary>
    public LogScene Beside(string family, string text = "words", double at = double.NaN, string device = "", long? suppressed = null, string function = "", PoolKind of = PoolKind.Unknown, params (string Name, string Value)[] fields) =>
        Add(new LogMessageFact(family, of, false, double.IsNaN(at) ? TraceEvent.NoTime : Time(at), text, Next())
        {
            Device = device, Suppressed = suppressed, Function = function, Fields = Fields(fields),
        });

    public LogScene Kernel(string release) => Add(new MachineFact(Next()) { KernelRelease = release });

    public LogScene CommandLine(string text) => Add(new MachineFact(Next()) { CommandLine = text });

    public LogScene Add(Fact fact)
    {
        Facts.Add(fact);
        return this;
    }

    public SourceRef Next() => new("dmesg", ++_line);

    public IReadOnlyList<Conclusion> Conclusions(string rule)
    {
        var found = LogRuleSet.All.Single(r => r.Name == rule);
        return [.. found.Apply(Case)];
    }

    public Conclusion One(string rule) => Assert.Single(Conclusions(rule));

    public void Silent(string rule) => Assert.Empty(Conclusions(rule));

    public Incident Diagnose() => LogDiagnosis.Incident(1, 1, kind, Facts, FailureFilter.All)!;

    private static long Time(double seconds) => (long)Math.Round(seconds * 1e9);

    private static Dictionary<string, string> Fields(IEnumerable<(string Name, string Value)> fields) =>
        fields.ToDictionary(f => f.Name, f => f.Value, StringComparer.Ordinal);

    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
