using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>TCE failures whose kernel printed <c>table size … used …</c> behind each of them (spec iommu-pools.md 1.10).</summary>
internal static class TableUse
{
    private const int MostLinesApart = 2;

    /// <summary>Gives each failing line the use that stands right behind it.</summary>
    /// <param name="lines">Failing lines.</param>
    /// <param name="messages">All messages.</param>
    /// <returns>The lines, numbered where that is told.</returns>
    public static IReadOnlyList<FailureLine> Pair(IReadOnlyList<FailureLine> lines, IEnumerable<LogMessageFact> messages)
    {
        var uses = messages.Where(m => m.Family == "tce-table-use").DistinctBy(m => m.Source).ToDictionary(m => (m.Source.Path, m.Source.Line));
        return uses.Count == 0 ? lines : [.. lines.Select(Paired)];

        FailureLine Paired(FailureLine line)
        {
            for (var ahead = 1; ahead <= MostLinesApart; ahead++)
            {
                if (uses.TryGetValue((line.Fact.Source.Path, line.Fact.Source.Line + ahead), out var use))
                {
                    return line with { Total = use.TotalUnits, Used = use.UsedUnits };
                }
            }

            return line;
        }
    }
}
