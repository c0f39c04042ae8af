namespace TraceReplay.Diagnosis.LogRules;

/// <summary>Joins the conclusions about each failing line to one cause with a confidence: agreement raises, contradiction lowers.</summary>
public sealed class Combination
{
    /// <summary>Below this, the likeliest cause is no better than a guess and <see cref="Cause.Unknown"/> is said.</summary>
    private const double LeastToName = 0.45;

    /// <summary>Rules that agree look at the same few lines, so only half of the second one's belief is news.</summary>
    private const double News = 0.5;

    /// <summary>A rule's opposite takes away half of its own belief from the winner.</summary>
    private const double Doubt = 0.5;

    private const double Most = 0.99;

    private Combination(Cause cause, double confidence, IReadOnlyList<CauseCount> causes, IReadOnlyList<Conclusion> conclusions)
    {
        Cause = cause;
        Confidence = confidence;
        Causes = causes;
        Conclusions = conclusions;
    }

    /// <summary>Cause of most failing lines.</summary>
    public Cause Cause { get; }

    /// <summary>Confidence in it; for <see cref="Cause.Unknown"/> the belief in the likeliest cause that was not named.</summary>
    public double Confidence { get; }

    /// <summary>Failing lines by cause, most first.</summary>
    public IReadOnlyList<CauseCount> Causes { get; }

    /// <summary>All conclusions, strongest first.</summary>
    public IReadOnlyList<Conclusion> Conclusions { get; }

    /// <summary>Conclusions that speak for the cause.</summary>
    public IEnumerable<Conclusion> Deciding => Conclusions.Where(c => c.Use == ConclusionUse.Supports && c.Cause == Cause);

    /// <summary>Combines.</summary>
    /// <param name="lines">The failing lines, may be none.</param>
    /// <param name="conclusions">What the rules concluded.</param>
    /// <returns>The combination.</returns>
    public static Combination Of(IReadOnlyList<FailureLine> lines, IReadOnlyList<Conclusion> conclusions)
    {
        IReadOnlyList<Conclusion> ordered = [.. conclusions.OrderByDescending(c => c.Confidence)];
        if (lines.Count == 0)
        {
            var (cause, confidence) = Weigh(ordered);
            return new Combination(cause, confidence, [], ordered);
        }

        // A later boot or another size may have another cause; ties go to what is more certain.
        // What happens without any line (a lockup) counts as one.
        var silent = ordered.Where(c => c is { Use: ConclusionUse.Supports, Lines.Count: 0 }).Select(c => (c.Cause, c.Confidence, Lines: 1L));
        var about = About(lines, ordered);
        var groups = lines.Select(Judge).Concat(silent).GroupBy(w => w.Cause)
            .Select(g => (Cause: g.Key, Count: g.Sum(w => w.Lines), Confidence: g.Sum(w => w.Confidence * w.Lines) / Math.Max(1, g.Sum(w => w.Lines))))
            .OrderByDescending(g => g.Count).ThenByDescending(g => g.Confidence).ToList();
        return new Combination(groups[0].Cause, Math.Round(groups[0].Confidence, 2),
            [.. groups.Select(g => new CauseCount(g.Cause, g.Count))], ordered);

        (Cause Cause, double Confidence, long Lines) Judge(FailureLine line)
        {
            var (cause, confidence) = Weigh(about[line]);
            return (cause, confidence, line.Occurrences);
        }
    }

    /// <summary>The conclusions about each line, strongest first.</summary>
    private static Dictionary<FailureLine, List<Conclusion>> About(IReadOnlyList<FailureLine> lines, IReadOnlyList<Conclusion> ordered)
    {
        var about = new Dictionary<FailureLine, List<Conclusion>>(ReferenceEqualityComparer.Instance);
        foreach (var line in lines)
        {
            about.TryAdd(line, []);
        }

        foreach (var conclusion in ordered.Where(c => c.Use != ConclusionUse.Notes))
        {
            foreach (var line in conclusion.Lines ?? lines)
            {
                if (about.TryGetValue(line, out var list))
                {
                    list.Add(conclusion);
                }
            }
        }

        return about;
    }

    /// <summary>Weighs conclusions about one and the same line.</summary>
    private static (Cause Cause, double Confidence) Weigh(IReadOnlyList<Conclusion> conclusions)
    {
        var beliefs = conclusions.Where(c => c.Use == ConclusionUse.Supports).GroupBy(c => c.Cause)
            .Select(g => (Cause: g.Key, Belief: Opposed(g.Key, g.Aggregate(0.0, (sum, c) => Agree(sum, c.Confidence)))))
            .OrderByDescending(b => b.Belief).ToList();
        if (beliefs.Count == 0)
        {
            return (Cause.Unknown, 0);
        }

        var belief = beliefs[0].Belief * (1 - (beliefs.Count > 1 ? Doubt * beliefs[1].Belief : 0));
        belief = Math.Round(Math.Min(Most, belief), 2);
        return (belief >= LeastToName ? beliefs[0].Cause : Cause.Unknown, belief);

        double Opposed(Cause cause, double sum) => conclusions.Where(c => c.Use == ConclusionUse.Opposes && c.Cause == cause)
            .Aggregate(sum, (left, c) => left * (1 - c.Confidence));
    }

    private static double Agree(double one, double other)
    {
        var (more, less) = one >= other ? (one, other) : (other, one);
        return more + ((1 - more) * less * News);
    }
}
