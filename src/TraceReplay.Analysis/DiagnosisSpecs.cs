using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.Knowledge;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Parsers;
using TraceReplay.Pools.Specs;
using TraceReplay.Replay;

namespace TraceReplay.Analysis;

/// <summary>Reads the user's pool and what-if specs.</summary>
internal static class DiagnosisSpecs
{
    /// <summary>Reads them.</summary>
    /// <param name="options">What the user asks.</param>
    /// <returns>The options of the diagnosis.</returns>
    /// <exception cref="AnalysisException">One cannot be read.</exception>
    public static DiagnosisOptions Read(AnalysisOptions options)
    {
        try
        {
            return new DiagnosisOptions
            {
                Pools = [.. options.Pools.Select(PoolSpec.Parse)],
                WhatIfs = [.. options.WhatIfs.Select(WhatIfSpec.Parse)],
                KnownIssues = options.KnownIssues.Count == 0 ? KnownIssueCatalog.Shared : KnownIssueCatalog.Shared.With(options.KnownIssues),
                Filter = options.SinceNs is null && options.UntilNs is null && options.DeviceGlob is null
                    ? FailureFilter.All
                    : new FailureFilter(options.SinceNs, options.UntilNs, options.DeviceGlob),
            };
        }
        catch (SpecException exception)
        {
            throw Refused(exception);
        }
        catch (KnowledgeException exception)
        {
            throw new AnalysisException(new Diagnostic("TR0316", Severity.Error, exception.Problem,
                new SourceRef(exception.Path, exception.Line), exception.Hint));
        }
    }

    /// <summary>Diagnoses; a spec that asks for what cannot be is told as such. The machine's inventory is added.</summary>
    /// <param name="job">The job.</param>
    /// <param name="facts">The facts of the case.</param>
    /// <param name="sources">Its sources.</param>
    /// <param name="told">What reading the inputs had to tell.</param>
    /// <returns>The report.</returns>
    /// <exception cref="AnalysisException">A spec asks for a pool that no kernel could have.</exception>
    public static AnalysisReport Run(CaseDiagnosis job, CaseFacts facts, IEnumerable<SourceSummary> sources, IEnumerable<Diagnostic> told)
    {
        try
        {
            var report = job.Run();
            return report with
            {
                Machine = report.Machine with { Inventory = InventoryReport.Of(facts, Logs(sources)) },
                Warnings = [.. told.Where(IngestResult.IsForPeople), .. InventoryRemarks.Of(facts.Inventory), .. report.Warnings],
            };
        }
        catch (SpecException exception)
        {
            throw Refused(exception);
        }
    }

    private static HashSet<string> Logs(IEnumerable<SourceSummary> sources)
    {
        var logs = Formats.All.Where(f => f.Role == SourceRole.Log).Select(f => f.Name).ToHashSet(StringComparer.Ordinal);
        return sources.Where(s => logs.Contains(s.Format)).Select(s => s.Path).ToHashSet(StringComparer.Ordinal);
    }

    private static AnalysisException Refused(SpecException exception) => new(
        new Diagnostic("TR0003", Severity.Error, exception.Message, new SourceRef("command line", 0), exception.Hint));
}
