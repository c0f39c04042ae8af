using System.Text.RegularExpressions;
using System.Xml.Linq;
using TraceReplay.Diagnosis;
using TraceReplay.TestSupport;

namespace TraceReplay.Report.Tests;

public sealed partial class HtmlAndMarkdownTests
{
    public static TheoryData<string> Names() => [.. SampleReports.All.Select(sample => sample.Name)];

    [Theory]
    [InlineData("greedy")]
    [InlineData("clean")]
    [InlineData("several")]
    [InlineData("hostile")]
    public void LooksAsApproved(string name)
    {
        Approved.Check($"html-{name}.html", Html(name));
        Approved.Check($"markdown-{name}.md", Markdown(name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void HtmlIsWellFormedAndNeedsNothingElse(string name)
    {
        var html = Html(name);
        // Void elements apart it is XML, so that a missing end tag or an unescaped sign cannot hide.
        var xml = XDocument.Parse(MetaTag().Replace(html.Replace("<!DOCTYPE html>", string.Empty, StringComparison.Ordinal), "$0</meta>"));
        Assert.DoesNotContain(xml.Descendants(), element => element.Name.LocalName is "script" or "link" or "img" or "iframe" or "base");
        Assert.All(xml.Descendants().Attributes(), attribute =>
        {
            Assert.False(attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase), attribute.ToString());
            Assert.NotEqual("href", attribute.Name.LocalName, StringComparer.Ordinal);
        });
        Assert.Contains("default-src 'none'; style-src 'unsafe-inline'; img-src data:", html, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
    }

    [Fact]
    public void HostileNamesFormNoMarkup()
    {
        Assert.DoesNotContain("<script", Html("hostile"), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain('\u001b', Html("hostile"));
        var markdown = Markdown("hostile");
        Assert.DoesNotContain('\u001b', markdown);
        Assert.DoesNotContain('\u202e', markdown);
        // Outside code spans no tag may stand.
        Assert.DoesNotContain("<script", CodeSpan().Replace(markdown, string.Empty), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void MarkdownTablesKeepTheirColumns(string name)
    {
        var columns = 0;
        foreach (var line in Markdown(name).Split('\n'))
        {
            var bars = UnescapedBar().Count(line);
            if (!line.StartsWith('|'))
            {
                columns = 0;
                continue;
            }

            Assert.Equal(columns == 0 ? bars : columns, bars);
            columns = bars;
        }
    }

    [Fact]
    public void TheChartShowsEveryPeak()
    {
        Assert.Contains("class=\"limit\"", Html("greedy"), StringComparison.Ordinal);
        Assert.Contains("class=\"fail\"", Html("greedy"), StringComparison.Ordinal);
        Assert.DoesNotContain("class=\"fail\"", Html("clean"), StringComparison.Ordinal);
    }

    private static AnalysisReport Report(string name) => SampleReports.All.Single(sample => sample.Name == name).Report;

    private static string Html(string name)
    {
        using var output = new StringWriter();
        HtmlReport.Write(Report(name), output);
        return output.ToString();
    }

    private static string Markdown(string name)
    {
        using var output = new StringWriter();
        MarkdownReport.Write(Report(name), output);
        return output.ToString();
    }

    [GeneratedRegex("<meta[^>]*>", RegexOptions.None, 5000)]
    private static partial Regex MetaTag();

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, 5000)]
    private static partial Regex UnescapedBar();

    [GeneratedRegex(@"(?<![\\`])(?<fence>`+)(?!`).+?(?<!`)\k<fence>(?!`)", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex CodeSpan();
}
