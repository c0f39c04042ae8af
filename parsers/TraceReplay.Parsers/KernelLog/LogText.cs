using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Cleans what terminals, mail and pagers did to a line (spec formats.md 1.0, 1.16).</summary>
internal static class LogText
{
    /// <summary>Takes off escape sequences, no-break blanks and quoted-printable.</summary>
    /// <param name="line">The line.</param>
    /// <param name="buffer">Room for a changed copy; grown as needed.</param>
    /// <returns>The line itself if it is clean, else a copy.</returns>
    public static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> line, ref byte[] buffer)
    {
        // A progress display writes over the line: what stands behind the last carriage return is what was seen.
        line = line.TrimEnd((byte)'\r');
        line = line[(line.LastIndexOf((byte)'\r') + 1)..];
        if (line.IndexOfAny((byte)0x1b, (byte)0xc2) < 0 && line.IndexOf("=C2=A0"u8) < 0 && line.IndexOf("=3D"u8) < 0)
        {
            return line;
        }

        if (buffer.Length < line.Length)
        {
            buffer = new byte[line.Length];
        }

        var length = 0;
        for (var i = 0; i < line.Length; i++)
        {
            var rest = line[i..];
            if (rest[0] == 0x1b)
            {
                i += Escape(rest) - 1;
            }
            else if (rest.StartsWith("\u00a0"u8) || rest.StartsWith("=C2=A0"u8))
            {
                buffer[length++] = (byte)' ';
                i += rest[0] == (byte)'=' ? 5 : 1;
            }
            else if (rest.StartsWith("=3D"u8))
            {
                buffer[length++] = (byte)'=';
                i += 2;
            }
            else
            {
                buffer[length++] = rest[0];
            }
        }

        return buffer.AsSpan(0, length);
    }

    /// <summary>Length of an escape sequence.</summary>
    private static int Escape(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2)
        {
            return 1;
        }

        if (text[1] == (byte)']')
        {
            var bell = text.IndexOf((byte)7);
            return bell < 0 ? text.Length : bell + 1;
        }

        if (text[1] != (byte)'[')
        {
            return Math.Min(3, text.Length);
        }

        var at = 2;
        while (at < text.Length && (Ascii.IsDigit(text[at]) || text[at] is (byte)';' or (byte)'?'))
        {
            at++;
        }

        return Math.Min(at + 1, text.Length);
    }
}
