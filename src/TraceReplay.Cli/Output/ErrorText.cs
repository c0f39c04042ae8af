using TraceReplay.Core;
using TraceReplay.Pools.Specs;

namespace TraceReplay.Cli.Output;

/// <summary>Messages on standard error: what, where, hint, each on its line, escaped for the terminal.</summary>
internal static class ErrorText
{
    /// <summary>One error.</summary>
    public static void Write(string code, string message, string? place, string hint)
    {
        Write("error", "31", code, message, place, hint);
    }

    /// <summary>One warning.</summary>
    public static void Warn(string code, string message, string? place, string hint)
    {
        Write("warning", "33", code, message, place, hint);
    }

    /// <summary>Something worth knowing.</summary>
    public static void Note(string code, string message, string? place, string hint)
    {
        Write("note", "36", code, message, place, hint);
    }

    /// <summary>A spec that cannot be read, with a caret under the place.</summary>
    public static void WriteSpec(SpecException spec)
    {
        if (spec.Spec.Length == 0)
        {
            Write("TR0003", spec.Message, string.Empty, spec.Hint);
            return;
        }

        Write("TR0003", $"expected {spec.Expected}", string.Empty, string.Empty);
        WriteCaret(spec.Spec, spec.Position);
        if (spec.Hint.Length > 0)
        {
            WriteLine("  hint: " + Terminal.Escape(spec.Hint));
        }
    }

    /// <summary>A line of text with a caret under a place.</summary>
    public static void WriteCaret(string text, int position)
    {
        // Every escaped sign would move the caret: measure what stands before it as it is shown.
        var before = Terminal.Escape(text[..Math.Min(position, text.Length)]);
        WriteLine("  " + Terminal.Escape(text));
        WriteLine("  " + new string(' ', before.Length) + "^");
    }

    /// <summary>A plain line.</summary>
    public static void WriteLine(string line) => StandardStream.Error.Write(line + "\n");

    private static void Write(string kind, string color, string code, string message, string? place, string hint)
    {
        var head = TerminalProfile.Error.Color ? $"\u001b[1;{color}m{kind}\u001b[0m" : kind;
        WriteLine($"{head} {code}: {Terminal.Escape(message)}");
        if (!string.IsNullOrEmpty(place))
        {
            WriteLine($"  at: {Terminal.Escape(place)}");
        }

        if (hint.Length > 0)
        {
            WriteLine($"  hint: {Terminal.Escape(hint)}");
        }
    }
}
