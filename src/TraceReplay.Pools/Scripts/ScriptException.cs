using System.Globalization;

namespace TraceReplay.Pools.Scripts;

/// <summary>An allocator script cannot be run: which line, what was expected there, and what to do.</summary>
public sealed class ScriptException : Exception
{
    /// <summary>Makes an error without position.</summary>
    public ScriptException()
        : this(0, "a script")
    {
    }

    /// <summary>Makes an error without position.</summary>
    /// <param name="message">What is wrong.</param>
    public ScriptException(string message)
        : this(0, message)
    {
    }

    /// <summary>Makes an error without position.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Cause.</param>
    public ScriptException(string message, Exception innerException)
        : base(message, innerException)
    {
        Problem = message;
    }

    /// <summary>Makes an error.</summary>
    /// <param name="line">Line number from 1, 0 if the script as a whole is meant.</param>
    /// <param name="problem">What is wrong and what was expected.</param>
    /// <param name="hint">What to do, empty if that is clear.</param>
    public ScriptException(long line, string problem, string hint = "")
        : base((line > 0 ? string.Create(CultureInfo.InvariantCulture, $"line {line}: ") : "") + problem)
    {
        Line = line;
        Problem = problem;
        Hint = hint;
    }

    /// <summary>Line number from 1, 0 if the script as a whole is meant.</summary>
    public long Line { get; }

    /// <summary>What is wrong and what was expected.</summary>
    public string Problem { get; } = "";

    /// <summary>What to do, empty if that is clear.</summary>
    public string Hint { get; } = "";
}
