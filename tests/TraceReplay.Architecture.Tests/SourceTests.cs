using System.Text.RegularExpressions;
using TraceReplay.TestSupport;

namespace TraceReplay.Architecture.Tests;

/// <summary>Habits of the sources that a compiler does not hold.</summary>
public sealed partial class SourceTests
{
    private const int MostLines = 700;

    private static readonly HashSet<string> TopLevel = new(StringComparer.Ordinal)
    {
        "src", "parsers", "tests", "sample-logs", "README.md", "TraceReplay.sln", "LICENSE", "global.json", "nuget.config",
        "Directory.Build.props", "Directory.Packages.props",
        // Made by builds and test runs, never stored.
        "TestResults", "BenchmarkDotNet.Artifacts", "artifacts",
    };

    [Fact]
    public void NoFileIsTooLong() =>
        Assert.All(Sources(), path => Assert.True(File.ReadLines(path).Count() <= MostLines, path));

    [Fact]
    public void NoTypeIsNamedAfterNothing() => Assert.All(Sources(), path =>
        Assert.DoesNotMatch(VagueType(), File.ReadAllText(path)));

    [Fact]
    public void TopLevelHoldsOnlyWhatBelongsThere() => Assert.All(
        Directory.EnumerateFileSystemEntries(Places.Checkout).Select(path => Path.GetFileName(path)!).Where(name => !name.StartsWith('.')),
        name => Assert.Contains(name, TopLevel, StringComparer.Ordinal));

    [Fact]
    public void EveryFolderForMaintainersHasItsReadme() => Assert.All(
        new[] { "src", "parsers", "tests", "sample-logs" },
        folder => Assert.True(File.Exists(Places.InCheckout(folder, "README.md")), folder));

    [Fact]
    public void EverySampleLogHasItsReadme() => Assert.All(
        Directory.EnumerateDirectories(Places.InCheckout("sample-logs")),
        folder => Assert.True(File.Exists(Path.Combine(folder, "README.md")), folder));

    [Fact]
    public void EachCodeSaysOneThing()
    {
        var codes = Sources().Where(path => !path.StartsWith(Places.InCheckout("tests"), StringComparison.Ordinal))
            .SelectMany(path => Code().Matches(File.ReadAllText(path)).Select(m => (Code: m.Groups["code"].Value, Path: path))).Distinct().ToList();

        Assert.NotEmpty(codes);
        Assert.All(codes.GroupBy(c => c.Code, StringComparer.Ordinal), g => Assert.True(g.Count() == 1, $"{g.Key} stands in {string.Join(" and ", g.Select(c => c.Path))}"));
    }

    private static IEnumerable<string> Sources() => new[] { "src", "parsers", "tests" }
        .SelectMany(folder => Directory.EnumerateFiles(Places.InCheckout(folder), "*.cs", SearchOption.AllDirectories))
        .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    [GeneratedRegex(@"""(?<code>TR\d{4})"",\s*Severity\.", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Code();

    [GeneratedRegex(@"\b(class|struct|record|interface|enum) \w*(Manager|Helper|Helpers|Util|Utils)\b", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex VagueType();
}
