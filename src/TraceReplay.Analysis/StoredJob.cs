using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Store;

namespace TraceReplay.Analysis;

/// <summary>Replays and diagnoses what a database holds; the answers are the same as those of <see cref="AnalysisJob"/> on
/// the inputs themselves.</summary>
public static class StoredJob
{
    /// <summary>Runs it and stores its results.</summary>
    /// <param name="database">The database file.</param>
    /// <param name="options">Pools, what-ifs and filters; inputs are ignored.</param>
    /// <returns>The report.</returns>
    /// <exception cref="StoreException">The database is missing, damaged or cannot be written.</exception>
    /// <exception cref="AnalysisException">It holds nothing to replay or diagnose, or a spec cannot be read.</exception>
    public static AnalysisReport Run(string database, AnalysisOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var specs = DiagnosisSpecs.Read(options);
        using var store = TraceDatabase.Open(database, DatabaseAccess.Write);
        var names = store.CaseNames();
        if (names.Count == 0)
        {
            throw new AnalysisException(new Diagnostic("TR0004", Severity.Error, "the database holds no source",
                new SourceRef(database, 0), "store some inputs first: tracereplay ingest INPUT --db " + database));
        }

        // As with inputs: loose files beside a single directory belong to it.
        var isOne = names.Count(name => name.Length > 0) <= 1;
        var findings = new CaseFindings(isOne ? 1 : names.Count);
        foreach (var name in isOne ? [string.Empty] : names)
        {
            RunCase(store, StoredCase.Read(store, isOne ? null : name, specs.Filter), name, specs, findings);
        }

        var report = findings.Report();
        findings.Store(store, report, options.ReportJson);
        return report;
    }

    private static void RunCase(TraceDatabase store, StoredCase stored, string name, DiagnosisOptions specs, CaseFindings findings)
    {
        var job = new CaseDiagnosis(stored.Operations, stored.Facts, specs);
        var report = DiagnosisSpecs.Run(job, stored.Facts, stored.Sources, stored.Diagnostics) with { Sources = stored.Sources };
        var runs = new CaseResults(job, report, stored.Operations, stored.Rows, findings.Label(name)).Store(store);
        findings.Add(name, report, runs);
    }
}
