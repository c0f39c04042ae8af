using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>The main job: ingest, replay, diagnose in one go.</summary>
public static class AnalysisJob
{
    /// <summary>Runs it.</summary>
    /// <param name="options">What the user asks.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The report.</returns>
    /// <exception cref="AnalysisException">Nothing usable was in the input, or the database cannot be written.</exception>
    public static AnalysisReport Run(AnalysisOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cases = Cases(options.Inputs);
        if (cases.Count == 1)
        {
            return RunCase(options, null, cancellation);
        }

        List<long> runs = [];
        return Together([.. cases.Select(inputs => RunCase(options with { Inputs = inputs }, runs, cancellation))]);
    }

    /// <summary>A directory is one incident of its own; the files given beside it are another.</summary>
    private static List<IReadOnlyList<string>> Cases(IReadOnlyList<string> inputs)
    {
        var folders = inputs.Where(Directory.Exists).ToList();
        var files = inputs.Except(folders, StringComparer.Ordinal).ToList();
        if (folders.Count <= 1)
        {
            return [inputs];
        }

        List<IReadOnlyList<string>> cases = [.. folders.Select(f => (IReadOnlyList<string>)[f])];
        if (files.Count > 0)
        {
            cases.Add(files);
        }

        return cases;
    }

    /// <summary>Several cases in one report: pools and incidents are numbered through.</summary>
    private static AnalysisReport Together(IReadOnlyList<AnalysisReport> reports)
    {
        List<PoolReport> pools = [];
        List<Incident> incidents = [];
        foreach (var report in reports)
        {
            var before = pools.Count;
            pools.AddRange(report.Pools.Select(p => p with { Id = before + p.Id }));
            incidents.AddRange(report.Incidents.Select((incident, i) => incident with
            {
                Id = incidents.Count + i + 1,
                Pool = before + incident.Pool,
            }).ToList());
        }

        var fidelity = new Fidelity(reports.Sum(r => r.Fidelity.Allocations), reports.Sum(r => r.Fidelity.Compared),
            reports.Sum(r => r.Fidelity.Equal), reports.Select(r => r.Fidelity.Explanation).FirstOrDefault(e => e.Length > 0) ?? string.Empty);
        return reports[0] with
        {
            Sources = [.. reports.SelectMany(r => r.Sources)],
            Pools = pools,
            Incidents = incidents,
            Fidelity = fidelity,
            Warnings = [.. reports.SelectMany(r => r.Warnings)],
        };
    }

    private static AnalysisReport RunCase(AnalysisOptions options, List<long>? keptRuns, CancellationToken cancellation)
    {
        var specs = DiagnosisSpecs.Read(options);
        using var store = options.Database is null ? null : TraceDatabase.Open(options.Database, DatabaseAccess.Create);
        var target = store is null ? null : new DatabaseTarget(store);
        using var ingest = Ingest.Run(options.Inputs, options.Reader, target, options.Progress, cancellation);
        RefuseNothing(ingest);
        cancellation.ThrowIfCancellationRequested();
        var job = new CaseDiagnosis(ingest.Operations, ingest.Facts, specs);
        var report = DiagnosisSpecs.Run(job);
        report = report with
        {
            Sources = ingest.Sources,
            Warnings = [.. ingest.Diagnostics.Where(d => d.Severity != Severity.Info), .. report.Warnings],
        };
        if (store is not null)
        {
            var rows = store.ReadFacts().Sources.ToDictionary(s => s.Id);
            new CaseResults(job, report, ingest.Operations, [.. target!.SourceIds.Select(id => rows[id])])
                .Store(store, options.ReportJson, keptRuns);
        }

        return report;
    }

    /// <summary>A kernel log without a word on DMA is an answer too: nothing failed.</summary>
    private static bool IsLog(string format) =>
        format.Contains("dmesg", StringComparison.Ordinal) || format.Contains("syslog", StringComparison.Ordinal)
        || format.Contains("journal", StringComparison.Ordinal) || format.Contains("kmsg", StringComparison.Ordinal)
        || format.Contains("netconsole", StringComparison.Ordinal);

    private static void RefuseNothing(Ingest ingest)
    {
        var usable = ingest.Sources.Any(s => s.Events > 0) || ingest.Facts.Messages.Count > 0
            || ingest.Facts.HasKernelLog || ingest.Sources.Any(s => s.Records > 0 && IsLog(s.Format)) || ingest.Facts.Geometry.Count > 0 || ingest.Facts.Usage.Count > 0;
        if (usable)
        {
            return;
        }

        var worst = ingest.Diagnostics.OrderByDescending(d => d.Severity).FirstOrDefault();
        throw new AnalysisException(worst is { Severity: Severity.Error }
            ? worst
            : new Diagnostic("TR0002", Severity.Error, "nothing usable in the input: no trace event, no kernel message, no pool geometry",
                worst?.Source ?? default, "give a trace (tracefs text, trace-cmd report), a dmesg, or a directory that holds them"));
    }
}
