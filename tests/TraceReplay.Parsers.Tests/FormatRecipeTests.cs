using TraceReplay.Core;
using TraceReplay.TestSupport;

namespace TraceReplay.Parsers.Tests;

/// <summary>The recipe of parsers/README.md: a format is registered, documented, and has a fixture that is recognised.</summary>
public class FormatRecipeTests
{
    private static readonly string Project = Places.InCheckout("parsers", "TraceReplay.Parsers");

    public static TheoryData<string> FixtureFiles
    {
        get
        {
            var data = new TheoryData<string>();
            foreach (var path in Directory.GetFiles(Reading.Fixture(string.Empty)).Order(StringComparer.Ordinal))
            {
                data.Add(Path.GetFileName(path));
            }

            return data;
        }
    }

    [Fact]
    public void Every_format_class_is_registered()
    {
        var registry = File.ReadAllText(Path.Combine(Project, "Formats.cs"));
        var classes = Directory.GetFiles(Project, "*Format.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => name is not ("IFormat" or "LineFormat"));

        Assert.All(classes, name => Assert.Contains($"new {name}()", registry, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_format_is_documented_and_has_a_fixture()
    {
        var readme = File.ReadAllText(Places.InCheckout("parsers", "README.md"));
        var fixtures = Directory.GetFiles(Reading.Fixture(string.Empty)).Select(path => Path.GetFileName(path)).ToArray();

        Assert.All(Formats.All, format =>
        {
            Assert.Contains($"| `{format.Name}` |", readme, StringComparison.Ordinal);
            Assert.Contains(fixtures, name => name.StartsWith(format.Name + ".", StringComparison.Ordinal));
        });
    }

    [Fact]
    public void Every_folder_with_a_format_is_documented_and_every_documented_folder_is_there()
    {
        var readme = File.ReadAllLines(Places.InCheckout("parsers", "README.md"));
        var documented = readme.Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Split('|').Length == 5)
            .Select(line => line.Split('|')[3].Trim()).Where(cell => cell.Length > 0 && cell.All(char.IsLetterOrDigit)).ToHashSet(StringComparer.Ordinal);
        var folders = Directory.GetFiles(Project, "*Format.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetFileName(Path.GetDirectoryName(path)!)).Where(name => name is not ("TraceReplay.Parsers" or "Text")).Distinct(StringComparer.Ordinal).ToArray();

        Assert.All(folders, folder => Assert.Contains(folder, documented));
        Assert.All(documented.Where(name => char.IsUpper(name[0])), folder => Assert.True(Directory.Exists(Path.Combine(Project, folder)), folder));
    }

    [Theory]
    [MemberData(nameof(FixtureFiles))]
    public void A_fixture_is_recognised_and_read_whole(string name)
    {
        var sink = Reading.Fixtures(name);
        var format = name.Split('.')[0];
        if (Formats.All.Single(f => f.Name == format).Role == SourceRole.Ignored)
        {
            Assert.Equal(Notice.Ignored.Code, Assert.Single(sink.Diagnostics).Code);
            return;
        }

        var source = Assert.Single(sink.Sources);
        Assert.Equal(format, source.Format);
        Assert.Equal(0, source.Skipped);
        Assert.True(source.Records > 0 || format == "refused");
        Assert.DoesNotContain(sink.Diagnostics, d => d.Severity == Severity.Error && d.Code != Notice.RefusedForm.Code);
    }

    [Fact]
    public void Diagnostic_codes_are_unique()
    {
        var codes = typeof(Notice).GetProperties().Where(p => p.PropertyType == typeof(Notice)).Select(p => ((Notice)p.GetValue(null)!).Code).ToArray();

        Assert.Equal(codes.Length, codes.Distinct(StringComparer.Ordinal).Count());
    }
}
