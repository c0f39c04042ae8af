using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Knowledge;

namespace TraceReplay.Diagnosis.KnownIssues;

/// <summary>The known issues: those of this version (<c>issues/*.issue</c>) and those of the user's files.</summary>
public sealed class KnownIssueCatalog
{
    /// <summary>Matches below this are not shown.</summary>
    public const double LeastConfidence = 0.25;

    /// <summary>Ending of the files.</summary>
    public const string Extension = ".issue";

    private const string ResourcePrefix = "issue.";
    private const double UsualConfidence = 0.8;

    private static readonly string[] Keys =
    [
        "title", "pool", "kernels", "stable", "needs", "not", "supports", "confidence", "stands-alone", "commit", "fix", "workaround", "source",
    ];

    private static readonly Lazy<KnownIssueCatalog> Own = new(() => new KnownIssueCatalog([.. ReadResources().OrderBy(i => i.Id, StringComparer.Ordinal)]));

    private KnownIssueCatalog(IReadOnlyList<KnownIssue> issues) => Issues = issues;

    /// <summary>The issues that come with this version.</summary>
    public static KnownIssueCatalog Shared => Own.Value;

    /// <summary>All issues in order of their name.</summary>
    public IReadOnlyList<KnownIssue> Issues { get; }

    /// <summary>Adds the issues of files; one with the name of a known one takes its place.</summary>
    /// <param name="paths">Files, or folders with files of the ending <c>.issue</c>.</param>
    /// <returns>The larger catalogue.</returns>
    /// <exception cref="KnowledgeException">A file cannot be read, or says what cannot be.</exception>
    public KnownIssueCatalog With(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var issues = Issues.ToDictionary(i => i.Id, StringComparer.Ordinal);
        foreach (var path in paths.SelectMany(KnowledgeFiles.Below))
        {
            foreach (var issue in Read(path, KnowledgeFiles.Text(path)))
            {
                issues[issue.Id] = issue;
            }
        }

        return new KnownIssueCatalog([.. issues.Values.OrderBy(i => i.Id, StringComparer.Ordinal)]);
    }

    /// <summary>Finds the issues that fit an incident.</summary>
    /// <param name="evidence">Its evidence.</param>
    /// <returns>The matches, best first.</returns>
    public IReadOnlyList<KnownIssueMatch> Match(CaseEvidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return [.. Issues.Select(i => i.Match(evidence, evidence.Incident?.PoolKind)).OfType<KnownIssueMatch>()
            .OrderByDescending(m => m.Confidence).ThenBy(m => m.Id, StringComparer.Ordinal)];
    }

    /// <summary>Reads the issues of one file.</summary>
    /// <param name="path">Its name, for messages.</param>
    /// <param name="text">Its text.</param>
    /// <returns>The issues.</returns>
    /// <exception cref="KnowledgeException">A line says what cannot be.</exception>
    public static IReadOnlyList<KnownIssue> Read(string path, string text) =>
        [.. KnowledgeBlock.Read(path, text, "issue", Keys).Select(Issue)];

    private static KnownIssue Issue(KnowledgeBlock block)
    {
        var needs = Conditions(block, "needs");
        if (needs.Count == 0)
        {
            throw new KnowledgeException(block.Path, block.Line, $"issue {block.Name} has no needs line",
                "an issue that needs nothing would fit everything; add a line: needs SUBJECT WORD");
        }

        return new KnownIssue
        {
            Id = block.Name,
            Title = block.Required("title"),
            Pools = Pools(block),
            Kernels = Range(block),
            Confidence = Confidence(block),
            StandsAlone = block.Text("stands-alone") == "yes",
            Commit = block.Text("commit"),
            Fix = block.Text("fix"),
            Workaround = block.Text("workaround"),
            Source = block.Required("source"),
            Drivers = string.Join(' ', needs.SelectMany(c => c.Alternatives).Where(t => t.Subject is "driver" or "reporter").SelectMany(t => t.Words)),
            Symptoms = [.. needs.Select(c => c.Text)],
            Needs = needs,
            Not = Conditions(block, "not"),
            Supports = Conditions(block, "supports"),
        };
    }

    private static List<Condition> Conditions(KnowledgeBlock block, string key) =>
        [.. block.All(key).Select(line => ConditionGrammar.Read(line, block.Path))];

    private static List<PoolKind> Pools(KnowledgeBlock block)
    {
        var names = block.Required("pool").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. names.Select(name => PoolKindNames.Parse(name) ?? throw new KnowledgeException(block.Path, block.Line,
            $"'{name}' is no kind of pool", $"kinds are {string.Join(", ", Enum.GetValues<PoolKind>().Select(k => k.Name()))}"))];
    }

    private static KernelRange Range(KnowledgeBlock block) => KernelRange.Read(block.Text("kernels"), block.Text("stable"))
        ?? throw new KnowledgeException(block.Path, block.Line, $"issue {block.Name}: kernels '{block.Text("kernels")}' with stable '{block.Text("stable")}' cannot be read",
            "write: kernels FROM - TO (TO is the first without it), and: stable VERSION...");

    private static double Confidence(KnowledgeBlock block)
    {
        var text = block.Text("confidence");
        return text.Length == 0 ? UsualConfidence
            : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= 1 ? value
            : throw new KnowledgeException(block.Path, block.Line, $"confidence '{text}' is not a number above 0 and up to 1", "for example 0.8");
    }

    private static IEnumerable<KnownIssue> ReadResources() => KnowledgeFiles.Resources(ResourcePrefix).SelectMany(file => Read(file.Name, file.Text));
}
