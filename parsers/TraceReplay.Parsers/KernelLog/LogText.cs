using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Cleans what terminals, mail and pagers did to a line (spec formats.md 1.0, 1.16).</summary>
internal static class LogText
{
    // Bytes that one of the changes begins with; rare in kernel messages.
    private static readonly System.Buffers.SearchValues<byte> Marks = System.Buffers.SearchValues.Create([0x1b, (byte)'=', (byte)'&', (byte)'^', (byte)'#', 0xc2]);

    /// <summary>Takes off escape sequences, no-break blanks and quoted-printable.</summary>
    /// <param name="line">The line.</param>
    /// <param name="buffer">Room for a changed copy; grown as needed.</param>
    /// <returns>The line itself if it is clean, else a copy.</returns>
    public static ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> line, ref byte[] buffer)
    {
        // A progress display writes over the line: what stands behind the last carriage return is what was seen.
        line = line.TrimEnd((byte)'\r');
        line = line[(line.LastIndexOf((byte)'\r') + 1)..];
        if (line.IndexOfAny(Marks) < 0)
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
            var plain = rest.IndexOfAny(Marks);
            if (plain != 0)
            {
                plain = plain < 0 ? rest.Length : plain;
                rest[..plain].CopyTo(buffer.AsSpan(length));
                length += plain;
                i += plain - 1;
            }
            else if (rest[0] == 0x1b)
            {
                i += Escape(rest) - 1;
            }
            else if (rest.StartsWith("^["u8) || rest.StartsWith("#033"u8))
            {
                // An escape character as cat -v and rsyslog write it.
                var written = rest[0] == (byte)'^' ? 2 : 4;
                var length1 = rest.Length > written && rest[written] == (byte)'[' ? Escape(rest[(written - 1)..]) - 1 : 0;
                i += written + length1 - 1;
            }
            else if (rest.StartsWith("#011"u8))
            {
                buffer[length++] = (byte)'\t';
                i += 3;
            }
            else if (rest[0] == (byte)'&' && Entity(rest, out var character, out var used))
            {
                buffer[length++] = character;
                i += used - 1;
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

    /// <summary>Reads <c>&amp;lt;</c> and its like of web pages.</summary>
    private static bool Entity(ReadOnlySpan<byte> text, out byte character, out int used)
    {
        const int Longest = 8;
        var end = text[..Math.Min(text.Length, Longest)].IndexOf((byte)';');
        var name = end > 1 ? text[1..end] : default;
        used = end + 1;
        character = name switch
        {
            _ when name.SequenceEqual("lt"u8) || name.SequenceEqual("#60"u8) => (byte)'<',
            _ when name.SequenceEqual("gt"u8) || name.SequenceEqual("#62"u8) => (byte)'>',
            _ when name.SequenceEqual("amp"u8) || name.SequenceEqual("#38"u8) => (byte)'&',
            _ when name.SequenceEqual("quot"u8) || name.SequenceEqual("#34"u8) => (byte)'"',
            _ when name.SequenceEqual("apos"u8) || name.SequenceEqual("#39"u8) || name.SequenceEqual("#x27"u8) => (byte)'\'',
            _ when name.SequenceEqual("nbsp"u8) || name.SequenceEqual("#160"u8) => (byte)' ',
            _ when name.SequenceEqual("#91"u8) => (byte)'[',
            _ when name.SequenceEqual("#93"u8) => (byte)']',
            _ => 0,
        };
        return character != 0;
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
