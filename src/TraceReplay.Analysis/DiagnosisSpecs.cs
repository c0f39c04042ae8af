using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Analysis;

/// <summary>Reads the user's pool and what-if specs.</summary>
internal static class DiagnosisSpecs
{
    /// <summary>Reads them.</summary>
    /// <param name="pools">Pool specs as written.</param>
    /// <param name="whatIfs">What-if specs as written.</param>
    /// <returns>The options of the diagnosis.</returns>
    /// <exception cref="AnalysisException">One cannot be read.</exception>
    public static DiagnosisOptions Read(IReadOnlyList<string> pools, IReadOnlyList<string> whatIfs)
    {
        try
        {
            return new DiagnosisOptions
            {
                Pools = [.. pools.Select(PoolSpec.Parse)],
                WhatIfs = [.. whatIfs.Select(WhatIfSpec.Parse)],
            };
        }
        catch (SpecException exception)
        {
            throw new AnalysisException(
                new Diagnostic("TR0003", Severity.Error, exception.Message, new SourceRef("command line", 0), exception.Hint));
        }
    }
}
