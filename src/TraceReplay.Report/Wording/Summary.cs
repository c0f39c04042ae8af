using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.KnownIssues;

namespace TraceReplay.Report.Wording;

/// <summary>Sentences that every output says the same way.</summary>
public static class Summary
{
    private const double Proven = 0.9;

    /// <summary>The one-line result of an incident.</summary>
    /// <param name="incident">The incident.</param>
    /// <returns>A line without a full stop.</returns>
    public static string Headline(Incident incident)
    {
        var what = Words.Plural(incident.Failures, "mapping failed", "mappings failed");
        if (!incident.FromTrace)
        {
            what = incident.Failures == 0 ? "no failure line" : Words.Plural(incident.Failures, "failure line", "failure lines");
        }

        var where = incident.CaseName.Length > 0 ? $"{incident.CaseName}, " : string.Empty;
        return $"{where}{incident.PoolKind.Name()}: {what}, cause {incident.Cause.Name()}";
    }

    /// <summary>Where the numbers of an incident come from, and how sure the cause is.</summary>
    /// <param name="incident">The incident.</param>
    /// <returns>A phrase.</returns>
    public static string Basis(Incident incident)
    {
        var basis = incident.FromTrace ? "replayed from the trace" : "read from the log alone";
        if (incident is { FromTrace: false, Cause: Cause.Unknown })
        {
            return basis + "; it names no cause";
        }

        return string.Create(CultureInfo.InvariantCulture, $"{basis}; confidence {Words.Confidence(incident.Confidence)} ({incident.Confidence:0.00})");
    }

    /// <summary>What the evidence of an incident is: proof, or what a suspicion rests on.</summary>
    /// <param name="incident">The incident.</param>
    /// <returns>A heading.</returns>
    public static string EvidenceHeading(Incident incident) =>
        incident.FromTrace || (incident.Cause != Cause.Unknown && incident.Confidence >= Proven) ? "What proves it" : "What it rests on";

    /// <summary>A time of an incident on the clock of the source that tells it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="incident">The incident.</param>
    /// <param name="timeNs">One of its times.</param>
    /// <returns>Seconds since boot, or a date.</returns>
    public static string Moment(AnalysisReport report, Incident incident, long timeNs) => Moment(report, incident.FirstFailure?.Source.Path, timeNs);

    /// <summary>When the last failure was, on the clock of the source that tells it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="incident">The incident.</param>
    /// <returns>Seconds since boot, or a date.</returns>
    public static string LastFailure(AnalysisReport report, Incident incident) =>
        Moment(report, incident.LastFailureSource.Path is { Length: > 0 } path ? path : incident.FirstFailure?.Source.Path, incident.LastFailureTimeNs);

    private static string Moment(AnalysisReport report, string? path, long timeNs)
    {
        var clock = report.Sources.FirstOrDefault(s => s.Path == path)?.Clock ?? ClockDomain.None;
        var told = Amounts.Moment(timeNs, clock);
        var offset = clock != ClockDomain.BootPrintk || timeNs == TraceEvent.NoTime ? null
            : report.Clocks.LastOrDefault(c => c.Path == path && (c.Offset.SinceNs == TraceEvent.NoTime || c.Offset.SinceNs <= timeNs)).Offset;
        return offset is not null
            ? $"{told} after boot ({Amounts.Moment(timeNs + offset.OffsetNs, offset.To)})" : told;
    }

    /// <summary>The clock of an incident's times: that of the source that tells of its first failure.</summary>
    /// <param name="report">The report.</param>
    /// <param name="incident">The incident.</param>
    /// <returns>The clock, None if it is not known.</returns>
    public static ClockDomain Clock(AnalysisReport report, Incident incident)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(incident);
        var path = incident.FirstFailure?.Source.Path;
        return report.Sources.FirstOrDefault(s => s.Path == path)?.Clock ?? ClockDomain.None;
    }

    /// <summary>The first failing mapping with its time, if that is told, and the state it met.</summary>
    /// <param name="report">The report.</param>
    /// <param name="incident">An incident with a first failure.</param>
    /// <returns>A sentence.</returns>
    public static string FirstFailure(AnalysisReport report, Incident incident) =>
        incident.FirstFailure is not { } first || first.TimeNs == TraceEvent.NoTime
            ? FirstFailure(incident) : $"{Moment(report, incident, first.TimeNs)}: {FirstFailure(incident)}";

    /// <summary>The first failing mapping with the state of the pool it met.</summary>
    /// <param name="incident">The incident.</param>
    /// <returns>A sentence, empty if no failure is known.</returns>
    public static string FirstFailure(Incident incident)
    {
        if (incident.FirstFailure is not { } first)
        {
            return string.Empty;
        }

        var who = first.Device.Length > 0 ? Device(first.Device, first.Driver) : "a mapping";
        var parts = new List<string>();
        if (first.Bytes is { } bytes)
        {
            var units = first.Units is { } need ? $" ({Words.Units(incident.PoolKind, need)})" : string.Empty;
            parts.Add($"{who} asked for {Amounts.Bytes(bytes)}{units}");
        }
        else
        {
            parts.Add(first.Units is { } need
                ? $"{who} asked for {Words.Units(incident.PoolKind, need)}" : $"{who} was refused");
        }

        if (first.UsedUnits is { } used)
        {
            parts.Add(first.TotalUnits is > 0 and var total
                ? $"{Amounts.Count(used)} of {Words.Units(incident.PoolKind, total)} in use ({Amounts.Percent((double)used / total)})"
                : $"{Words.Units(incident.PoolKind, used)} in use");
        }

        if (first.LargestFreeRun is { } run)
        {
            parts.Add($"longest free run {Amounts.Count(run)}");
        }

        return string.Join(", ", parts);
    }

    /// <summary>Device and driver in one.</summary>
    /// <param name="device">Device; empty = not known.</param>
    /// <param name="driver">Driver, empty if not known.</param>
    /// <returns>For example <c>0000:00:05.0 (virtio-pci)</c>.</returns>
    public static string Device(string device, string driver)
    {
        var name = device.Length > 0 ? device : "unknown device";
        return driver.Length > 0 ? $"{name} ({driver})" : name;
    }

    /// <summary>A holder's name.</summary>
    /// <param name="holder">The holder.</param>
    /// <returns>The device, or how it is known.</returns>
    public static string HolderName(Holder holder) => (holder.Device, holder.Consumer) switch
    {
        ({ Length: 0 }, { Length: 0 }) => "before the trace",
        ({ Length: 0 }, var consumer) => consumer,
        (var device, { Length: 0 }) => device,
        var (device, consumer) => $"{device} {consumer}",
    };

    /// <summary>The calm paragraph where nothing failed.</summary>
    /// <param name="report">A report without incidents.</param>
    /// <returns>Sentences.</returns>
    public static string NoIncident(AnalysisReport report)
    {
        if (report.Pools.Count == 0)
        {
            return "No DMA mapping failed as far as these inputs tell. They show no pool in use, so there is no peak to state.";
        }

        return string.Join(' ', report.Pools.Select(Peak).Prepend("No DMA mapping failed."));
    }

    /// <summary>The highest use of a pool.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>A sentence.</returns>
    public static string Peak(PoolReport pool)
    {
        var name = $"The {Words.Pool(pool.Kind)}";
        if (pool.PeakUsedUnits < 0)
        {
            return pool.Units > 0
                ? $"{name} has {Words.Units(pool.Kind, pool.Units)}; the inputs do not tell how many were in use."
                : $"{name} is mentioned, but the inputs do not tell its size or use.";
        }

        var when = pool.PeakTimeNs == TraceEvent.NoTime ? string.Empty : $" at {Amounts.Moment(pool.PeakTimeNs)}";
        if (pool.Units <= 0)
        {
            return $"{name} had at most {Words.Units(pool.Kind, pool.PeakUsedUnits)} in use{when}; its size is not known.";
        }

        var share = Amounts.Percent((double)pool.PeakUsedUnits / pool.Units);
        return $"{name} had at most {Amounts.Count(pool.PeakUsedUnits)} of its {Words.Units(pool.Kind, pool.Units)} "
            + $"in use ({share}){when}.";
    }

    /// <summary>Geometry in one line.</summary>
    /// <param name="pool">The pool.</param>
    /// <returns>A phrase, with where it is known from.</returns>
    public static string Geometry(PoolReport pool)
    {
        var parts = new List<string>();
        if (pool.Units > 0 && pool.UnitBytes > 0)
        {
            parts.Add($"{Words.Units(pool.Kind, pool.Units)} of {Amounts.Bytes(pool.UnitBytes)} = "
                + Amounts.Bytes(pool.Units * pool.UnitBytes));
        }
        else if (pool.Units > 0)
        {
            parts.Add(Words.Units(pool.Kind, pool.Units));
        }

        if (pool.Areas > 1)
        {
            parts.Add($"{Amounts.Count(pool.Areas)} {(pool.Kind == PoolKind.Tce ? "sub-pools" : "areas")}");
        }

        return parts.Count == 0 ? "size not known" : $"{string.Join(", ", parts)} (from the {Origin(pool.GeometryFrom)})";
    }

    /// <summary>The least size as a sentence.</summary>
    /// <param name="kind">Kind of pool.</param>
    /// <param name="least">The least size.</param>
    /// <returns>A sentence without its full stop.</returns>
    public static string LeastSize(PoolKind kind, LeastSize least)
    {
        var size = $"{Words.Units(kind, least.Units)} ({Amounts.Bytes(least.Bytes)})";
        var text = least.Exact
            ? $"{size} is the smallest pool in which nothing fails"
            : $"{size} is a lower bound: failed requests were retried and held the load back";
        return least.RecommendedUnits > least.Units
            ? $"{text}; recommended {Words.Units(kind, least.RecommendedUnits)}" : text;
    }

    /// <summary>Diagnostics that mean data is missing.</summary>
    /// <param name="report">The report.</param>
    /// <returns>Those of severity data loss or error.</returns>
    public static IEnumerable<Diagnostic> Losses(AnalysisReport report) =>
        report.Warnings.Where(warning => warning.Severity >= Severity.DataLoss);

    /// <summary>All other diagnostics.</summary>
    /// <param name="report">The report.</param>
    /// <returns>Those of lower severity.</returns>
    public static IEnumerable<Diagnostic> Remarks(AnalysisReport report) =>
        report.Warnings.Where(warning => warning.Severity < Severity.DataLoss);

    private static string Origin(GeometryOrigin origin) => origin switch
    {
        GeometryOrigin.Option => "command line of this run",
        GeometryOrigin.Trace => "trace",
        GeometryOrigin.Log => "log",
        _ => "kernel's defaults",
    };

    /// <summary>How well a known issue fits.</summary>
    /// <param name="issue">The match.</param>
    /// <returns>Name and confidence in parentheses.</returns>
    public static string Fit(KnownIssueMatch issue)
    {
        ArgumentNullException.ThrowIfNull(issue);
        return string.Create(CultureInfo.InvariantCulture, $"({issue.Id}, confidence {Words.Confidence(issue.Confidence)} {issue.Confidence:0.00})");
    }

    /// <summary>What there is to say of a known issue, one line each.</summary>
    /// <param name="issue">The match.</param>
    /// <returns>Why it fits, the fix, the workaround, the source.</returns>
    public static IEnumerable<string> IssueLines(KnownIssueMatch issue)
    {
        ArgumentNullException.ThrowIfNull(issue);
        return new[] { ("Fits because ", issue.Why), ("Fix: ", issue.Fix), ("Until then: ", issue.Workaround), ("Known from: ", issue.Source) }
            .Where(line => line.Item2.Length > 0).Select(line => line.Item1 + line.Item2);
    }
}
