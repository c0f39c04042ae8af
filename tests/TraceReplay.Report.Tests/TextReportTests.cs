using TraceReplay.Diagnosis;
using TraceReplay.TestSupport;

namespace TraceReplay.Report.Tests;

public sealed class TextReportTests
{
    public static TheoryData<string, int> Layouts()
    {
        var data = new TheoryData<string, int>();
        foreach (var (name, _) in SampleReports.All)
        {
            data.Add(name, 100);
        }

        data.Add("greedy", 80);
        data.Add("greedy", 140);
        data.Add("several", 80);
        return data;
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void LooksAsApproved(string name, int width) =>
        Approved.Check($"text-{name}-{width}.txt", Render(name, new TextOptions(false, width)));

    [Fact]
    public void LooksAsApprovedInColour() =>
        Approved.Check("text-greedy-100-colour.ansi", Render("greedy", new TextOptions(true, 100)));

    [Fact]
    public void LooksAsApprovedInAscii()
    {
        var text = Render("greedy", new TextOptions(false, 100) { Unicode = false });
        Approved.Check("text-greedy-100-ascii.txt", text);
        Assert.All(text, sign => Assert.True(sign < 0x80, $"{(int)sign:x}"));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void NoLineIsWiderThanThePage(string name, int width)
    {
        foreach (var line in Render(name, new TextOptions(false, width)).Split('\n'))
        {
            Assert.True(line.Length <= width, line);
            Assert.Equal(line.TrimEnd(), line);
        }
    }

    [Fact]
    public void WithoutColourThereIsNoEscapeSequence()
    {
        foreach (var (_, report) in SampleReports.All)
        {
            Assert.DoesNotContain('\u001b', Render(report, new TextOptions(false, 100)));
        }
    }

    [Fact]
    public void HostileNamesNeitherStyleNorDriveTheTerminal()
    {
        var plain = Render("hostile", new TextOptions(false, 140));
        Assert.DoesNotContain('\u202e', plain);
        Assert.Contains(@"\u{1b}", plain, StringComparison.Ordinal);
        Assert.Contains("[red]", plain, StringComparison.Ordinal);
        var coloured = Render("hostile", new TextOptions(true, 140));
        Assert.DoesNotContain("\u001b[31m<script>", coloured, StringComparison.Ordinal);
    }

    [Fact]
    public void LostDataIsSaidFirst()
    {
        var text = Render("leak", new TextOptions(false, 100));
        Assert.StartsWith("Data is missing: The tracer lost 1234 events", text, StringComparison.Ordinal);
    }

    [Fact]
    public void APoolThatGrowsStaysInsideThePage()
    {
        var greedy = SampleReports.Greedy();
        var incident = greedy.Incidents[0];
        var grown = greedy with
        {
            Pools = [greedy.Pools[0] with { Units = 1024 }],
            Incidents = [incident with { Holders = [incident.Holders[0] with { Share = 1.623, Units = 3324 }, incident.Holders[1]] }],
        };
        var lines = Render(grown, new TextOptions(false, 100)).Split('\n');
        Assert.Contains(lines, line => line.Contains("0000:00:05.0 dmalab", StringComparison.Ordinal) && line.Contains("162.3 %", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("scale ends at the peak; the pool has 1024 slots", StringComparison.Ordinal));
    }

    private static string Render(string name, TextOptions options) =>
        Render(SampleReports.All.Single(sample => sample.Name == name).Report, options);

    private static string Render(AnalysisReport report, TextOptions options)
    {
        using var output = new StringWriter();
        TextReport.Write(report, output, options);
        return output.ToString();
    }
}
