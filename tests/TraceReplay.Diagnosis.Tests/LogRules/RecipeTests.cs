using TraceReplay.Diagnosis.LogRules;
using TraceReplay.TestSupport;

namespace TraceReplay.Diagnosis.Tests.LogRules;

/// <summary>The recipe "a rule for logs" of src/README.md: a rule is a file, a line in the registry, a row in the table and a test.</summary>
public class RecipeTests
{
    private static readonly string Folder = Places.InCheckout("src", "TraceReplay.Diagnosis", "LogRules");

    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(Folder, "Rules"), "*.cs").Select(p => Path.GetFileNameWithoutExtension(p))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_rule_is_registered_described_and_tested(string file)
    {
        var rule = LogRuleSet.All.SingleOrDefault(r => r.Name.Replace("-", string.Empty, StringComparison.Ordinal).Equals(file, StringComparison.OrdinalIgnoreCase));
        Assert.NotNull(rule);
        Assert.NotEmpty(rule.CounterExamples);
        Assert.Contains($"| `{rule.Name}` |", File.ReadAllText(Path.Combine(Folder, "README.md")), StringComparison.Ordinal);
        var test = File.ReadAllText(Places.InCheckout("tests", "TraceReplay.Diagnosis.Tests", "LogRules", file + "Tests.cs"));
        Assert.Contains($"\"{rule.Name}\"", test, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_lists_no_rule_that_does_not_exist()
    {
        var rows = File.ReadLines(Path.Combine(Folder, "README.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal));
        Assert.All(rows, row => Assert.Contains(LogRuleSet.All, r => row.StartsWith($"| `{r.Name}` |", StringComparison.Ordinal)));
    }

    [Fact]
    public void No_rule_throws_or_speaks_on_an_empty_log() => Assert.Empty(LogRuleSet.Run(new LogScene(Core.PoolKind.Swiotlb).Case));
}
