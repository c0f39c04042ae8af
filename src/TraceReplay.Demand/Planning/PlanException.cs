namespace TraceReplay.Demand.Planning;

/// <summary>A plan or workload that cannot be made from what was said.</summary>
public sealed class PlanException : Exception
{
    /// <summary>Makes an error.</summary>
    public PlanException()
        : this("the question cannot be answered")
    {
    }

    /// <summary>Makes an error.</summary>
    /// <param name="message">What is missing or impossible.</param>
    public PlanException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an error.</summary>
    /// <param name="message">What is missing or impossible.</param>
    /// <param name="innerException">Cause.</param>
    public PlanException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an error.</summary>
    /// <param name="message">What is missing or impossible.</param>
    /// <param name="hint">What to say instead.</param>
    public PlanException(string message, string hint)
        : base(message) => Hint = hint;

    /// <summary>What to say instead, empty if that is clear.</summary>
    public string Hint { get; } = string.Empty;
}
