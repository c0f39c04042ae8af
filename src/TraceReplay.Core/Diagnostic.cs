namespace TraceReplay.Core;

/// <summary>How much a diagnostic matters.</summary>
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Something was skipped or doubted; the result stands.</summary>
    Warning,

    /// <summary>Data is missing: results are bounds.</summary>
    DataLoss,

    /// <summary>The source or the job could not be done.</summary>
    Error,
}

/// <summary>One thing the user must be told about an input. The text is never log content unescaped:
/// <see cref="Terminal"/> is applied where it is shown.</summary>
/// <param name="Code">Stable id, <c>TR0001</c>….</param>
/// <param name="Severity">How much it matters.</param>
/// <param name="Message">What is wrong, and what was expected.</param>
/// <param name="Source">Where.</param>
/// <param name="Hint">What to do, empty if nothing.</param>
public sealed record Diagnostic(string Code, Severity Severity, string Message, SourceRef Source, string Hint = "");
