namespace TraceReplay.Diagnosis.Knowledge;

/// <summary>Words with <c>*</c>; case and the difference of <c>-</c> and <c>_</c> (driver against module name) do not count.</summary>
internal static class Glob
{
    /// <summary>Whether a pattern covers a whole word.</summary>
    /// <param name="pattern">Pattern, <c>*</c> = any text.</param>
    /// <param name="word">The word.</param>
    /// <returns>True if it does.</returns>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> word)
    {
        var (p, w, star, mark) = (0, 0, -1, 0);
        while (w < word.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, w);
            }
            else if (p < pattern.Length && Plain(pattern[p]) == Plain(word[w]))
            {
                (p, w) = (p + 1, w + 1);
            }
            else if (star >= 0)
            {
                (p, w) = (star + 1, ++mark);
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '*')
        {
            p++;
        }

        return p == pattern.Length;
    }

    private static char Plain(char c) => c == '-' ? '_' : char.ToLowerInvariant(c);
}
