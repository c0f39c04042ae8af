using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Parsers;
using TraceReplay.Replay;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>The main job: ingest, replay, diagnose in one go.</summary>
public static class AnalysisJob
{
    /// <summary>Runs it.</summary>
    /// <param name="options">What the user asks.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <returns>The report.</returns>
    /// <exception cref="AnalysisException">An input does not exist, nothing usable was in them, or the database cannot be written.</exception>
    public static AnalysisReport Run(AnalysisOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        Ingest.Require(options.Inputs);
        using var store = options.Database is null ? null : TraceDatabase.Open(options.Database, DatabaseAccess.Create);
        var cases = InputCase.Split(options.Inputs);
        var findings = new CaseFindings(cases.Count);
        foreach (var inputCase in cases)
        {
            RunCase(options with { Inputs = inputCase.Inputs }, inputCase.Name, store, findings, cancellation);
        }

        var report = findings.Report();
        if (store is not null)
        {
            findings.Store(store, report, options.ReportJson);
        }

        return report;
    }

    private static void RunCase(
        AnalysisOptions options, string caseName, TraceDatabase? store, CaseFindings findings, CancellationToken cancellation)
    {
        var specs = DiagnosisSpecs.Read(options);
        var target = store is null ? null : new DatabaseTarget(store, caseName);
        using var ingest = Ingest.Run(options.Inputs, options.Reader, target, options.Progress, cancellation, specs.Filter);
        RefuseNothing(ingest);
        cancellation.ThrowIfCancellationRequested();
        var operations = StoredOperations.NeedSorting(ingest.Sources) ? SortedOperations(options, ingest, store, target, cancellation) : ingest.Operations;
        var job = new CaseDiagnosis(operations, ingest.Facts, specs);
        var report = DiagnosisSpecs.Run(job, ingest.Facts, ingest.Sources, ingest.Diagnostics) with { Sources = ingest.Sources };
        IReadOnlyList<long> runs = [];
        if (store is not null)
        {
            var rows = store.ReadSources().ToDictionary(s => s.Id);
            runs = new CaseResults(job, report, operations, [.. target!.SourceIds.Select(id => rows[id])], findings.Label(caseName))
                .Store(store);
        }

        findings.Add(caseName, report, runs);
    }

    /// <summary>Events that do not stand in order of time are paired once more, sorted by the database, or by a temporary one.</summary>
    private static OperationLog SortedOperations(
        AnalysisOptions options, Ingest ingest, TraceDatabase? store, DatabaseTarget? target, CancellationToken cancellation)
    {
        var operations = new OperationLog();
        if (store is not null)
        {
            var rows = store.ReadSources().ToDictionary(s => s.Id);
            StoredOperations.Read(store, [.. target!.SourceIds.Select(id => rows[id])], operations);
            return operations;
        }

        // What came through a pipe is gone.
        if (options.Inputs.Contains("-", StringComparer.Ordinal))
        {
            ingest.Diagnostics.RemoveAll(d => d.Code == Notice.PutInOrder.Code || d.Code == Notice.RunsBeside.Code);
            ingest.Report(new Diagnostic("TR0313", Severity.Warning, "the events do not stand in order of time, and what comes through a pipe cannot be read again to sort it: they are taken as they stand",
                new SourceRef("-", 0), "give a file, or --db FILE"));
            return ingest.Operations;
        }

        var folder = Directory.CreateTempSubdirectory("tracereplay-");
        try
        {
            using var sorted = TraceDatabase.Open(Path.Combine(folder.FullName, "events.db"), DatabaseAccess.Create);
            var again = new DatabaseTarget(sorted, string.Empty);
            using (Ingest.Run(options.Inputs, options.Reader, again, options.Progress, cancellation, keepsFacts: false))
            {
                var rows = sorted.ReadSources().ToDictionary(s => s.Id);
                StoredOperations.Read(sorted, [.. again.SourceIds.Select(id => rows[id])], operations);
            }

            return operations;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
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

        if (!ingest.Facts.Inventory.IsEmpty)
        {
            throw new AnalysisException(new Diagnostic("TR0002", Severity.Error,
                $"nothing to diagnose: only an inventory ({ingest.Facts.Inventory.Hosts.Count} SCSI hosts, {ingest.Facts.Inventory.LunPaths.Count} LUN paths)",
                new SourceRef(ingest.Sources[0].Path, 0), "`tracereplay plan --inventory INPUT` says whether the demand of this machine fits its pool"));
        }

        var worst = ingest.Diagnostics.OrderByDescending(d => d.Severity).FirstOrDefault();
        throw new AnalysisException(worst is { Severity: Severity.Error }
            ? worst
            : new Diagnostic("TR0002", Severity.Error,
                "nothing usable in the input: no trace event, no kernel message, no pool geometry" + (worst is null ? string.Empty : $" ({worst.Message})"),
                worst?.Source ?? default, "give a trace (tracefs text, trace-cmd report), a dmesg, or a directory that holds them"));
    }
}
