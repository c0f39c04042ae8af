namespace TraceReplay.Diagnosis.LogRules;

/// <summary>One inference from kernel messages: a pure function over the evidence of one kind of pool.</summary>
/// <param name="Name">Stable name, as the table in <c>LogRules/README.md</c> has it.</param>
/// <param name="CounterExamples">When its conclusion would be wrong, in one sentence; shown where the conclusion is not proven.</param>
/// <param name="Apply">The function. It yields nothing where it has nothing to say, and never throws on content.</param>
public sealed record LogRule(string Name, string CounterExamples, Func<LogCase, IEnumerable<Conclusion>> Apply);
