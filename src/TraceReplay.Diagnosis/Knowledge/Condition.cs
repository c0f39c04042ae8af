using System.Globalization;

namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>What the evidence says of a condition.</summary>
public enum Told
{
    /// <summary>It does not hold.</summary>
    No,

    /// <summary>The evidence does not tell.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    Yes,
}

/// <summary>One or several alternatives (<c>driver nvme or text "nvme"</c>) over the evidence of an incident.</summary>
/// <param name="Text">As written.</param>
/// <param name="Alternatives">At least one; the condition holds if any does.</param>
internal sealed record Condition(string Text, IReadOnlyList<Term> Alternatives)
{
    /// <summary>It asks who or what by name only: where no name is told, nothing speaks for it.</summary>
    public bool IsByName => Alternatives.All(term => term.Operator.Length == 0);

    /// <summary>Asks the evidence.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <returns>The best answer of the alternatives, with its reason in words.</returns>
    public (Told Told, string Reason) Ask(CaseEvidence evidence) =>
        Alternatives.Select(term => term.Ask(evidence)).MaxBy(answer => answer.Told);
}

/// <summary>One subject of the evidence against words or a number.</summary>
/// <param name="Subject">What is asked (<see cref="CaseEvidence.WordSubjects"/>, <see cref="CaseEvidence.NumberSubjects"/>).</param>
/// <param name="Operator">Comparison for numbers, empty for words.</param>
/// <param name="Words">Words, any of which suffices; <c>*</c> stands for any text.</param>
/// <param name="Number">The number.</param>
internal sealed record Term(string Subject, string Operator, IReadOnlyList<string> Words, double Number)
{
    /// <summary>Asks the evidence.</summary>
    /// <param name="evidence">The evidence.</param>
    /// <returns>The answer with its reason.</returns>
    public (Told Told, string Reason) Ask(CaseEvidence evidence) =>
        Operator.Length > 0 ? AskNumber(evidence) : AskWords(evidence);

    private (Told, string) AskNumber(CaseEvidence evidence)
    {
        if (evidence.Number(Subject) is not { } value)
        {
            return (Told.Unknown, $"{Name} is not told");
        }

        var holds = Operator switch
        {
            ">" => value > Number,
            ">=" => value >= Number,
            "<" => value < Number,
            "<=" => value <= Number,
            _ => value == Number,
        };
        return (holds ? Told.Yes : Told.No, string.Create(CultureInfo.InvariantCulture, $"{Name} is {value:0.##}"));
    }

    private (Told, string) AskWords(CaseEvidence evidence)
    {
        if (Subject == "text")
        {
            var found = Words.FirstOrDefault(evidence.HasText);
            return found is not null ? (Told.Yes, $"the log says \"{found}\"") : (Told.No, "the log does not say it");
        }

        var hit = evidence.Words(Subject).FirstOrDefault(value => Words.Any(word => Glob.Matches(word, value)));
        return hit is not null
            ? (Told.Yes, $"{Name} {hit}")
            : (evidence.IsTold(Subject) ? Told.No : Told.Unknown, $"{Name} {string.Join(" or ", Words)}: not told");
    }

    private string Name => CaseEvidence.Say(Subject);
}
