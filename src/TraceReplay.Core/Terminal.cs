using System.Globalization;
using System.Text;

namespace TraceReplay.Core;

/// <summary>Makes hostile text safe for a terminal: control, bidirectional and zero-width characters are shown as
/// escapes, nothing is dropped.</summary>
public static class Terminal
{
    /// <summary>Escapes what could drive or deceive a terminal.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text itself if it is harmless, else an escaped copy.</returns>
    public static string Escape(string text)
    {
        var at = 0;
        while (at < text.Length && !IsUnsafe(text, at))
        {
            at++;
        }

        if (at == text.Length)
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (IsUnsafe(text, i))
            {
                result.Append(CultureInfo.InvariantCulture, $"\\u{{{(int)text[i]:x}}}");
            }
            else
            {
                result.Append(text[i]);
            }
        }

        return result.ToString();
    }

    private static bool IsUnsafe(string text, int i)
    {
        var c = text[i];
        return c < 0x20 || (c >= 0x7f && c < 0xa0)
            || c is '\u061c' or '\u200b' or '\u200c' or '\u200d' or '\u200e' or '\u200f' or '\u2028' or '\u2029' or '\ufeff'
            || (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069')
            || (char.IsSurrogate(c) && !IsPaired(text, i));
    }

    private static bool IsPaired(string text, int i) => char.IsHighSurrogate(text[i])
        ? i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])
        : i > 0 && char.IsHighSurrogate(text[i - 1]);
}
