using TraceReplay.Core;
using TraceReplay.Diagnosis;
using TraceReplay.Diagnosis.KnownIssues;
using TraceReplay.Report.Wording;

namespace TraceReplay.Report;

/// <summary>What proves it, what to do about it, what is uncertain, what to capture next.</summary>
internal static class TextAdvice
{
    private const string Useless = "useless";
    private const int MostIssues = 5;

    public static void Evidence(TextPage page, Incident incident, ShortPlaces places)
    {
        if (incident.Evidence.Count == 0)
        {
            return;
        }

        page.Heading(Summary.EvidenceHeading(incident), places.Folder.Length > 0 ? $"places are below {places.Folder}" : string.Empty);
        foreach (var evidence in incident.Evidence)
        {
            var place = places.Short(evidence.Source);
            page.Point(Mark(page, "•", "*"), TextPage.Plain(evidence.Text) + "  "
                + TextPage.Styled("cyan", place.Length > 0 ? place : "(replay)"));
        }
    }

    public static void Remedies(TextPage page, Incident incident)
    {
        if (incident.Remedies.Count == 0 && incident.LeastSize is null)
        {
            return;
        }

        page.Heading("What to do");
        if (incident.LeastSize is { } least)
        {
            WriteLeastSize(page, incident.PoolKind, least);
        }

        foreach (var remedy in incident.Remedies)
        {
            WriteRemedy(page, remedy);
        }
    }

    public static void KnownIssues(TextPage page, IReadOnlyList<KnownIssueMatch> issues)
    {
        if (issues.Count == 0)
        {
            return;
        }

        page.Heading("Known issues that fit");
        foreach (var issue in issues.Take(MostIssues))
        {
            var text = TextPage.Plain(issue.Title) + "  " + TextPage.Styled("yellow", Summary.Fit(issue));
            foreach (var line in Summary.IssueLines(issue))
            {
                text += "\n" + TextPage.Styled("grey", line);
            }

            page.Point(Mark(page, "!", "!"), text);
        }
    }

    public static void Doubts(TextPage page, Incident incident)
    {
        List(page, "What is uncertain", incident.Uncertain, Mark(page, "?", "?"));
        List(page, "What to capture next", incident.NextCapture, Mark(page, "→", ">"));
    }

    private static void WriteLeastSize(TextPage page, PoolKind kind, LeastSize least)
    {
        var text = TextPage.Plain(Summary.LeastSize(kind, least)) + ".";
        if (least.BootParameter.Length > 0)
        {
            text += " Boot parameter: " + TextPage.Styled("bold", least.BootParameter);
        }

        page.Point(Mark(page, "≥", ">"), text);
    }

    private static void WriteRemedy(TextPage page, Remedy remedy)
    {
        var (mark, style) = remedy switch
        {
            { Kind: Useless } => (Mark(page, "✗", "x"), "red"),
            { Proven: true } => (Mark(page, "✓", "+"), "green"),
            _ => (Mark(page, "·", "-"), "grey"),
        };
        var text = TextPage.Plain(remedy.Change) + "  " + TextPage.Styled(style, $"({Words.Standing(remedy)})");
        if (remedy.Note.Length > 0)
        {
            text += "\n" + TextPage.Styled("grey", remedy.Note);
        }

        if (remedy.Risk.Length > 0)
        {
            text += "\n" + TextPage.Styled("grey", "Risk " + remedy.Risk);
        }

        page.Point($"[{style}]{mark}[/]", text);
    }

    private static void List(TextPage page, string heading, IReadOnlyList<string> items, string mark)
    {
        if (items.Count == 0)
        {
            return;
        }

        page.Heading(heading);
        foreach (var item in items)
        {
            page.Point(mark, TextPage.Plain(item));
        }
    }

    private static string Mark(TextPage page, string unicode, string ascii) => page.Unicode ? unicode : ascii;
}
