using System.Globalization;

namespace TraceReplay.Pools.Specs;

/// <summary>A pool or what-if spec cannot be read: where, what was expected, and what was probably meant.</summary>
public sealed class SpecException : Exception
{
    /// <summary>Makes an error without position.</summary>
    public SpecException()
        : this("", 0, "a spec")
    {
    }

    /// <summary>Makes an error without position.</summary>
    /// <param name="message">What is wrong.</param>
    public SpecException(string message)
        : this("", 0, message)
    {
    }

    /// <summary>Makes an error without position.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">Cause.</param>
    public SpecException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an error.</summary>
    /// <param name="spec">The whole spec.</param>
    /// <param name="position">Index in it of the first character that is wrong.</param>
    /// <param name="expected">What was expected there.</param>
    /// <param name="hint">What was probably meant, empty if there is no guess.</param>
    public SpecException(string spec, int position, string expected, string hint = "")
        : base(Describe(spec, position, expected, hint))
    {
        Spec = spec;
        Position = position;
        Expected = expected;
        Hint = hint;
    }

    /// <summary>The whole spec.</summary>
    public string Spec { get; } = "";

    /// <summary>Index in <see cref="Spec"/> of the first character that is wrong.</summary>
    public int Position { get; }

    /// <summary>What was expected there.</summary>
    public string Expected { get; } = "";

    /// <summary>What was probably meant, empty if there is no guess.</summary>
    public string Hint { get; } = "";

    private static string Describe(string spec, int position, string expected, string hint)
    {
        var found = position < spec.Length ? $"at '{spec[position..]}'" : "at the end";
        var text = string.Create(CultureInfo.InvariantCulture,
            $"'{spec}', position {position + 1} ({found}): expected {expected}");
        return hint.Length > 0 ? text + "; " + hint : text;
    }
}
