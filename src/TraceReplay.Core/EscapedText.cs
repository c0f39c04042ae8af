using System.Buffers;
using System.Text.Unicode;

namespace TraceReplay.Core;

/// <summary>Any bytes as one line of plain UTF-8 that no spreadsheet takes for a formula, and back: <c>\\</c> for a backslash, <c>\xNN</c>
/// for control characters, for what is not UTF-8, for blanks at either end, and for <c>= + - @ ' #</c> at the beginning. Used by the
/// canonical CSV where it says <c># escapes=backslash</c>.</summary>
public static class EscapedText
{
    private const int LongestEscape = 4;

    /// <summary>Writes bytes escaped.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="output">Receives UTF-8 without control characters.</param>
    public static void Write(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var isUtf8 = Utf8.IsValid(text);
        var room = output.GetSpan((text.Length * LongestEscape) + 1);
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b == (byte)'\\')
            {
                room[length++] = b;
                room[length++] = b;
            }
            else if (b < 0x20 || b == 0x7f || (b >= 0x80 && !isUtf8) || (b == (byte)' ' && (i == 0 || i == text.Length - 1)) || (i == 0 && IsFormula(b)))
            {
                "\\x"u8.CopyTo(room[length..]);
                room[length + 2] = Digit(b >> 4);
                room[length + 3] = Digit(b & 15);
                length += LongestEscape;
            }
            else
            {
                room[length++] = b;
            }
        }

        output.Advance(length);
    }

    /// <summary>Takes the escapes off. What is no escape stays as it is.</summary>
    /// <param name="text">Escaped text.</param>
    /// <param name="room">At least as long as the text.</param>
    /// <returns>The bytes, in <paramref name="room"/> or the text itself if it holds no backslash.</returns>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> text, Span<byte> room)
    {
        if (!text.Contains((byte)'\\'))
        {
            return text;
        }

        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var b = text[i];
            if (b == (byte)'\\' && i + 1 < text.Length && text[i + 1] == (byte)'\\')
            {
                i++;
            }
            else if (b == (byte)'\\' && i + 3 < text.Length && text[i + 1] == (byte)'x' && Value(text[i + 2]) is >= 0 and var high && Value(text[i + 3]) is >= 0 and var low)
            {
                b = (byte)((high << 4) | low);
                i += 3;
            }

            room[length++] = b;
        }

        return room[..length];
    }

    private static bool IsFormula(byte b) => b is (byte)'=' or (byte)'+' or (byte)'-' or (byte)'@' or (byte)'\'' or (byte)'#';

    private static byte Digit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    private static int Value(byte b) => b switch
    {
        >= (byte)'0' and <= (byte)'9' => b - '0',
        >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
        _ => -1,
    };
}
