using System.CommandLine;
using System.Globalization;
using TraceReplay.Cli.Help;
using TraceReplay.Cli.Running;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Knowledge;
using TraceReplay.Diagnosis.KnownIssues;

namespace TraceReplay.Cli.Commands;

/// <summary><c>known-issues</c>: the bugs and traps that an analysis looks for.</summary>
internal static class KnownIssuesCommand
{
    public static Command Create()
    {
        var files = SharedOptions.KnownIssues();
        var command = new Command("known-issues", "List the known bugs and traps, the kernels that have them, and what to do.") { files };
        HelpPage.SetExamples(command, "tracereplay known-issues", "tracereplay known-issues --format json", "tracereplay known-issues --known-issues our.issue");
        Listing.Fill(command, ["issue", "pool", "kernels", "fixed in stable", "drivers", "title", "needs", "fix", "workaround", "source"],
            parsed => Catalog(parsed.GetValue(files) ?? []).Issues.Select(Row));
        return command;
    }

    private static string[] Row(KnownIssue issue) =>
    [
        issue.Id, string.Join(' ', issue.Pools.Select(p => p.Name())), issue.Kernels.ToString(),
        string.Join(' ', issue.Kernels.Fixed.Select(v => v.ToString())), issue.Drivers, issue.Title,
        string.Join("; ", issue.Symptoms), issue.Fix, issue.Workaround,
        issue.Source + string.Create(CultureInfo.InvariantCulture, $" (confidence at most {issue.Confidence:0.00})"),
    ];

    private static KnownIssueCatalog Catalog(string[] files)
    {
        try
        {
            return KnownIssueCatalog.Shared.With(files);
        }
        catch (KnowledgeException problem)
        {
            throw new UsageException(problem.Message, problem.Hint);
        }
    }
}
