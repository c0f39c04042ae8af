using System.Globalization;
using TraceReplay.Diagnosis;
using TraceReplay.TestSupport;
using Xunit.Abstractions;

namespace TraceReplay.Analysis.Tests;

/// <summary>The causes that public bug reports ended with, against what the log diagnosis makes of their lines alone.</summary>
public class CalibrationTests(ITestOutputHelper output)
{
    private const double Sure = 0.9;

    private sealed record Case(string Name, string Reported, string Basis, string[] Mechanisms, Cause Cause, double Confidence)
    {
        public bool IsStated => Basis == "stated";

        public bool IsNamed => Cause != Cause.Unknown;

        public bool Agrees => Mechanisms.Contains(Cause.Name(), StringComparer.Ordinal);

        public string Answer => !IsNamed ? "says unknown" : Agrees ? "agrees" : Mechanisms[0] == "unknown" ? "not told" : "CONTRADICTS";
    }

    private static List<Case> Cases { get; } = [.. File.ReadLines(Wild("labels.csv")).Skip(1).Select(l => l.Split(',')).Select(Analyze)];

    [Fact]
    public void Stated_causes_are_met()
    {
        Print();
        var stated = Cases.Where(c => c.IsStated).ToList();
        Assert.True(stated.Count >= 30);
        Assert.True(stated.Count(c => c.Agrees) >= stated.Count * 0.85, "at least 85 % agree");
        Assert.All(stated.Where(c => c.IsNamed && !c.Agrees), c => Assert.True(c.Confidence < 0.6, $"{c.Name} is contradicted with confidence"));
    }

    [Fact]
    public void What_is_said_with_high_confidence_is_right()
    {
        var sure = Cases.Where(c => c.Confidence >= Sure && c.IsNamed && c.Mechanisms[0] != "unknown").ToList();
        Assert.True(sure.Count >= 15);
        Assert.True(sure.Count(c => c.Agrees) >= sure.Count * 0.95, string.Join(", ", sure.Where(c => !c.Agrees).Select(c => c.Name)));
    }

    [Fact]
    public void A_culprit_is_never_read_from_a_log_alone() => Assert.All(Cases, c =>
        Assert.All(Report(c.Name).Incidents, i => Assert.Empty(i.Culprits)));

    private void Print()
    {
        output.WriteLine("case  label          basis     cause            confidence");
        foreach (var c in Cases)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{c.Name}   {c.Reported,-14} {c.Basis,-9} {c.Cause.Name(),-16} {c.Confidence:0.00}  {c.Answer}"));
        }

        foreach (var group in Cases.Where(c => c.IsNamed && c.Mechanisms[0] != "unknown").GroupBy(c => Math.Floor(c.Confidence * 10) / 10).OrderBy(g => g.Key))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"confidence {group.Key:0.0} to {group.Key + 0.1:0.0}: {group.Count(c => c.Agrees)} of {group.Count()} right"));
        }

        var stated = Cases.Where(c => c.IsStated).ToList();
        output.WriteLine($"stated: {stated.Count(c => c.Agrees)} of {stated.Count} agree, {stated.Count(c => !c.IsNamed)} unknown, {stated.Count(c => c.IsNamed && !c.Agrees)} contradicted");
    }

    private static Case Analyze(string[] label)
    {
        // The incident with the most lines is the one that the thread is about.
        var incident = Report(label[0]).Incidents.MaxBy(i => i.Failures);
        return new Case(label[0], label[1], label[2], label[3].Split('|'), incident?.Cause ?? Cause.Unknown, incident?.Confidence ?? 0);
    }

    private static AnalysisReport Report(string name) =>
        AnalysisJob.Run(new AnalysisOptions { Inputs = [Wild(name + ".log")] }, CancellationToken.None);

    private static string Wild(string file) => Places.InCheckout("tests", "TraceReplay.Analysis.Tests", "wild", file);
}
