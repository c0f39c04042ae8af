using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>What mails, web pages, editors and terminals put before a line (spec formats.md 1.16).</summary>
internal static class Quoting
{
    /// <summary>Length of mail quoting (<c>&gt; &gt; </c>), table and code marks, list marks, line numbers, indentation, a
    /// monitor's prompt.</summary>
    /// <param name="line">The line.</param>
    /// <returns>Where the log line begins.</returns>
    public static int Length(ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (at < line.Length)
        {
            var rest = line[at..];
            var length = Mark(rest);
            length = length > 0 ? length : at == 0 ? LineNumber(rest) : 0;
            if (length == 0)
            {
                break;
            }

            at += length;
        }

        return at;
    }

    private static int Mark(ReadOnlySpan<byte> rest)
    {
        if (rest[0] is (byte)'>' or (byte)'|' or (byte)' ' or (byte)'\t' or (byte)'`' or (byte)'"')
        {
            return 1;
        }

        // A list mark, a sign of a difference or a comment stands by itself.
        if (rest.Length > 1 && rest[0] is (byte)'-' or (byte)'*' or (byte)'+' or (byte)'#' && rest[1] is (byte)' ' or (byte)'[' or (byte)'<')
        {
            return 1;
        }

        return rest.StartsWith("// "u8) ? 3
            : rest.StartsWith("\u2022 "u8) || rest.StartsWith("\u00b7 "u8) ? rest.IndexOf((byte)' ') + 1
            : rest.StartsWith("(qemu) "u8) ? 7
            : rest.StartsWith("kernel: "u8) ? 8
            : rest.StartsWith("kernel:["u8) ? 7
            : rest.StartsWith("MESSAGE="u8) ? 8
            : 0;
    }

    /// <summary><c>  12: </c>, <c>12| </c>, <c>12 [</c> of editors and web pages.</summary>
    private static int LineNumber(ReadOnlySpan<byte> rest)
    {
        var at = 0;
        while (at < rest.Length && rest[at] == (byte)' ')
        {
            at++;
        }

        var digits = at;
        while (at < rest.Length && Ascii.IsDigit(rest[at]))
        {
            at++;
        }

        const int MostDigits = 7;
        if (at == digits || at - digits > MostDigits || at + 1 >= rest.Length)
        {
            return 0;
        }

        return rest[at] is (byte)':' or (byte)'|' or (byte)'.' or (byte)')' && rest[at + 1] is (byte)' ' or (byte)'\t' ? at + 1
            : rest[at] is (byte)'\t' or (byte)' ' && rest[(at + 1)..].TrimStart(" \t"u8) is [(byte)'[' or (byte)'<', ..] ? at + 1
            : 0;
    }
}
