using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules;

/// <summary>What a rule concludes.</summary>
/// <param name="Use">For a cause, against it, or beside it.</param>
/// <param name="Cause">The cause it speaks of.</param>
/// <param name="Confidence">0 to 1: how often the conclusion holds where the rule applies; from 0.9 on it counts as proven.</param>
/// <param name="Because">The reason as one or two whole sentences for the operator.</param>
public sealed record Conclusion(ConclusionUse Use, Cause Cause, double Confidence, string Because)
{
    /// <summary>From here on a conclusion is called proven.</summary>
    public const double Proven = 0.9;

    /// <summary>The failing lines it speaks of; null = all of them.</summary>
    public IReadOnlyCollection<FailureLine>? Lines
    {
        get;
        init => field = value is null ? null : new HashSet<FailureLine>(value, ReferenceEqualityComparer.Instance);
    }

    /// <summary>Lines other than failures that it rests on.</summary>
    public IReadOnlyList<LogMessageFact> Grounds { get; init; } = [];

    /// <summary>What stays open even if it holds.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>The rule, set by <see cref="LogRuleSet.Run"/>.</summary>
    public LogRule? Rule { get; init; }

    /// <summary>A conclusion for a cause.</summary>
    /// <param name="cause">The cause.</param>
    /// <param name="confidence">0 to 1.</param>
    /// <param name="because">The reason.</param>
    /// <returns>The conclusion.</returns>
    public static Conclusion For(Cause cause, double confidence, string because) =>
        new(ConclusionUse.Supports, cause, confidence, because);

    /// <summary>A conclusion against a cause.</summary>
    /// <param name="cause">The cause.</param>
    /// <param name="confidence">0 to 1: how much of the belief in the cause it takes away.</param>
    /// <param name="because">The reason.</param>
    /// <returns>The conclusion.</returns>
    public static Conclusion Against(Cause cause, double confidence, string because) =>
        new(ConclusionUse.Opposes, cause, confidence, because);

    /// <summary>Something to know that decides nothing.</summary>
    /// <param name="because">The statement.</param>
    /// <returns>The conclusion.</returns>
    public static Conclusion Note(string because) => new(ConclusionUse.Notes, Cause.Unknown, 0, because);
}

/// <summary>What a conclusion does to a cause.</summary>
public enum ConclusionUse
{
    /// <summary>Speaks for it.</summary>
    Supports,

    /// <summary>Speaks against it.</summary>
    Opposes,

    /// <summary>Stands beside it: explained, but nothing is decided by it.</summary>
    Notes,
}
