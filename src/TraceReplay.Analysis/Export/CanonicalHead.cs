using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Store;

namespace TraceReplay.Analysis.Export;

/// <summary>The comment lines in front of a canonical CSV: what is no event, but needed to replay it.</summary>
internal static class CanonicalHead
{
    // More than any machine's pools and readings; the reader looks at the first block of a file only.
    private const int MostLines = 500;

    /// <summary>Makes the lines.</summary>
    /// <param name="facts">The facts of the database.</param>
    /// <param name="sources">The sources whose events follow.</param>
    /// <returns>Lines, each with its end.</returns>
    public static string Of(StoredFacts facts, IReadOnlyList<SourceRow> sources)
    {
        var text = new StringBuilder("# schema=tracereplay-dma-1\n# escapes=backslash\n");
        var clock = sources.Where(s => s.FirstEventId is not null).Select(s => s.Summary.Clock).FirstOrDefault();
        Line(text, ("clock", clock is ClockDomain.None or ClockDomain.Relative ? null : clock.Name()));
        var machine = facts.All.OfType<MachineFact>().ToList();
        var kernel = machine.Select(m => m.KernelVersion).FirstOrDefault(v => v is not null) ?? machine.Select(m => m.KernelRelease).FirstOrDefault(v => v is not null);
        Line(text, ("kernel", kernel), ("arch", kernel is null ? null : machine.Select(m => m.Arch).FirstOrDefault(a => a is not null)));
        foreach (var pool in facts.All.OfType<PoolGeometryFact>().Where(p => p.Origin is GeometryOrigin.Trace or GeometryOrigin.Log).Take(MostLines))
        {
            Pool(text, pool);
        }

        foreach (var usage in facts.All.OfType<UsageFact>().Take(MostLines))
        {
            Line(text, ("usage", usage.Kind.Name()), ("moment", Moment(usage.Moment)), ("time_ns", usage.TimeNs == TraceEvent.NoTime ? null : Number(usage.TimeNs)),
                ("used", Number(usage.UsedUnits)), ("total", Number(usage.TotalUnits)), ("high_water", Number(usage.HighWaterUnits)));
        }

        foreach (var loss in facts.All.OfType<LossFact>().Where(l => l.AtStart).Take(MostLines))
        {
            Line(text, ("lost", Number(Math.Max(loss.Lost, 0))), ("cpu", Number(loss.Cpu)), ("at", "start"));
        }

        return text.ToString();
    }

    private static void Pool(StringBuilder text, PoolGeometryFact pool)
    {
        List<(string, string?)> words =
        [
            ("pool", pool.Kind.Name()), ("origin", pool.Origin == GeometryOrigin.Log ? "log" : "trace"), ("units", Number(pool.Units)),
            ("unit_bytes", Number(pool.UnitBytes)), ("areas", Number(pool.Areas)), ("base", Address(pool.Base)), ("end", Address(pool.End)),
            ("forced", Flag(pool.Forced)), ("can_grow", Flag(pool.CanGrow)), ("ref", pool.PoolRef == 0 ? null : Address(pool.PoolRef)),
            ("device", pool.Device.Length == 0 ? null : pool.Device),
        ];
        words.AddRange(pool.More.Select(m => ("more." + m.Key, Number(m.Value))));
        Line(text, [.. words]);
    }

    /// <summary>One line of words; a value that is no plain word (log text is hostile) is left out.</summary>
    private static void Line(StringBuilder text, params ReadOnlySpan<(string Name, string? Value)> words)
    {
        var start = text.Length;
        foreach (var (name, value) in words)
        {
            if (!string.IsNullOrEmpty(value) && !value.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c > '~') && !name.Any(char.IsWhiteSpace))
            {
                text.Append(text.Length == start ? "# " : " ").Append(name).Append('=').Append(value);
            }
            else if (text.Length == start)
            {
                return;
            }
        }

        text.Append('\n');
    }

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Address(ulong? value) => value is { } address ? "0x" + address.ToString("x", CultureInfo.InvariantCulture) : null;

    private static string? Flag(bool? value) => value is { } flag ? flag ? "1" : "0" : null;

    private static string Moment(UsageMoment moment) => moment switch
    {
        UsageMoment.BeforeTrace => "before-trace",
        UsageMoment.AfterTrace => "after-trace",
        _ => "sample",
    };
}
