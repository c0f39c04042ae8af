using System.Globalization;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A log of several boots: which of them failed, and which first. What happened in one boot says nothing of how the pool was
/// filled in another.</summary>
internal static class SeveralBoots
{
    public static LogRule Rule { get; } = new("several-boots", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        foreach (var lines in log.Lines.Where(l => l.Fact.Boot > 0).GroupBy(l => l.Fact.Source.Path, StringComparer.Ordinal))
        {
            var boots = log.Facts.Boots.Where(b => b.Source.Path == lines.Key).ToList();
            if (boots.Count < 2)
            {
                continue;
            }

            var failed = lines.GroupBy(l => l.Fact.Boot).OrderBy(g => g.Key).ToList();
            var first = boots.Find(b => b.Number == failed[0].Key);
            var kernel = first?.Kernel.Length > 0 ? $", kernel {first.Kernel}" : string.Empty;
            var counts = failed.Count == 1 ? string.Empty
                : $" Failing lines by boot: {string.Join(", ", failed.Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Key}: {FailureLine.Count(g)}")))}.";
            yield return Conclusion.Note(string.Create(CultureInfo.InvariantCulture,
                $"The log holds {boots.Count} boots; the first with failing lines is number {failed[0].Key} (from line {first?.Source.Line ?? 1}{kernel}).{counts}")) with
            {
                Lines = [failed[0].First()],
            };
        }
    }
}
