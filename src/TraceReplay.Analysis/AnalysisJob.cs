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
                .Store(store, options.ReportJson);
        }

        return report;
    }

    private static void RefuseNothing(Ingest ingest)
    {
        var usable = ingest.Sources.Any(s => s.Events > 0) || ingest.Facts.Messages.Count > 0
            || ingest.Facts.HasKernelLog || ingest.Facts.Geometry.Count > 0 || ingest.Facts.Usage.Count > 0;
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
