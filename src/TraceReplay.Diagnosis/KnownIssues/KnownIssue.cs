using TraceReplay.Core;
using TraceReplay.Diagnosis.Knowledge;

namespace TraceReplay.Diagnosis.KnownIssues;

/// <summary>A known bug or trap: what it looks like, which kernels have it, what to do about it.</summary>
public sealed record KnownIssue
{
    /// <summary>Stable name.</summary>
    public required string Id { get; init; }

    /// <summary>One line.</summary>
    public required string Title { get; init; }

    /// <summary>Kinds of pool it shows in.</summary>
    public required IReadOnlyList<PoolKind> Pools { get; init; }

    /// <summary>Kernels that have it.</summary>
    public required KernelRange Kernels { get; init; }

    /// <summary>Confidence if everything asked for is told and holds, 0 to 1.</summary>
    public required double Confidence { get; init; }

    /// <summary>It can be seen where no mapping failed.</summary>
    public bool StandsAlone { get; init; }

    /// <summary>The commit that brought it, empty if not known.</summary>
    public string Commit { get; init; } = string.Empty;

    /// <summary>The fix: commit and title, or what is known of it.</summary>
    public string Fix { get; init; } = string.Empty;

    /// <summary>What to do on a kernel that has it.</summary>
    public string Workaround { get; init; } = string.Empty;

    /// <summary>Where this is known from.</summary>
    public string Source { get; init; } = string.Empty;

    /// <summary>Drivers it is bound to, as the conditions name them; empty = any.</summary>
    public string Drivers { get; init; } = string.Empty;

    /// <summary>The conditions, as written.</summary>
    public IReadOnlyList<string> Symptoms { get; init; } = [];

    /// <summary>Conditions that must hold.</summary>
    internal IReadOnlyList<Condition> Needs { get; init; } = [];

    /// <summary>Conditions that must not hold.</summary>
    internal IReadOnlyList<Condition> Not { get; init; } = [];

    /// <summary>Conditions that make it more likely.</summary>
    internal IReadOnlyList<Condition> Supports { get; init; } = [];

    /// <summary>Compares it with the evidence.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <param name="kind">Kind of pool that ran out, null = the case as a whole.</param>
    /// <returns>The match, null if it is none.</returns>
    public KnownIssueMatch? Match(CaseEvidence evidence, PoolKind? kind)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        const double CostOfUnknown = 0.6;
        const double ShareOfSupport = 0.4;
        const double CostOfDoubt = 0.85;
        if (kind is { } pool ? !Pools.Contains(pool) : !StandsAlone)
        {
            return null;
        }

        var (factor, reason) = Kernels.Fit(evidence.Kernel);
        if (factor == 0 || Not.Any(c => c.Ask(evidence).Told == Told.Yes))
        {
            return null;
        }

        var confidence = Confidence * factor;
        var why = new List<string>();
        var held = 0;
        foreach (var condition in Needs)
        {
            var (told, words) = condition.Ask(evidence);
            if (told == Told.No || (told == Told.Unknown && condition.IsByName))
            {
                return null;
            }

            held += told == Told.Yes ? 1 : 0;
            confidence *= told == Told.Yes ? 1 : CostOfUnknown;
            why.Add(words);
        }

        foreach (var (told, words) in Supports.Select(c => c.Ask(evidence)))
        {
            confidence = told == Told.Yes ? confidence + ((1 - confidence) * ShareOfSupport) : confidence * CostOfDoubt;
            if (told == Told.Yes)
            {
                why.Add(words);
            }
        }

        if (reason.Length > 0)
        {
            why.Add(reason);
        }

        return held == 0 || confidence < KnownIssueCatalog.LeastConfidence
            ? null
            : new KnownIssueMatch(Id, Title, Math.Round(Math.Min(confidence, 0.99), 2), string.Join("; ", why), Fix, Workaround, Source);
    }
}

/// <summary>A known issue that fits an incident.</summary>
/// <param name="Id">Stable name of the issue.</param>
/// <param name="Title">One line.</param>
/// <param name="Confidence">0 to 1: how well the evidence fits, and how sure the kernel is affected.</param>
/// <param name="Why">What fits, and what is not told.</param>
/// <param name="Fix">Commit and title of the fix, or what is known of it.</param>
/// <param name="Workaround">What to do without the fix, empty if nothing is known.</param>
/// <param name="Source">Where the issue is known from.</param>
public sealed record KnownIssueMatch(
    string Id, string Title, double Confidence, string Why, string Fix, string Workaround, string Source);
