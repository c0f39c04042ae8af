using System.Runtime.CompilerServices;

namespace TraceReplay.Parsers.Text;

/// <summary>Reads numbers out of byte spans. Nothing here throws on content: a number that is not one, or does not fit,
/// is a failed read.</summary>
internal static class Ascii
{
    /// <summary>Whether a byte is a decimal digit.</summary>
    /// <param name="b">The byte.</param>
    /// <returns>True for 0 to 9.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsDigit(byte b) => (uint)(b - '0') <= 9;

    /// <summary>Value of a hexadecimal digit.</summary>
    /// <param name="b">The byte.</param>
    /// <returns>0 to 15, or a number above 15 for any other byte.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HexValue(byte b)
    {
        var digit = (uint)(b - '0');
        if (digit <= 9)
        {
            return digit;
        }

        var letter = (uint)((b | 0x20) - 'a');
        return letter <= 5 ? letter + 10 : 255;
    }

    /// <summary>Reads decimal digits from a position.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="at">Where to begin; moved after the digits.</param>
    /// <param name="value">The number.</param>
    /// <returns>False if there is no digit or the number needs more than 64 bits.</returns>
    public static bool Decimal(ReadOnlySpan<byte> text, ref int at, out ulong value)
    {
        value = 0;
        var start = at;
        var i = at;
        while ((uint)i < (uint)text.Length && IsDigit(text[i]))
        {
            value = (value * 10) + (uint)(text[i] - '0');
            i++;
        }

        at = i;
        var digits = i - start;
        return digits is > 0 and < 20 || (digits >= 20 && BigDecimal(text[start..i], out value));
    }

    /// <summary>Reads hexadecimal digits (no <c>0x</c>) from a position.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="at">Where to begin; moved after the digits.</param>
    /// <param name="value">The number.</param>
    /// <returns>False if there is no digit or more than 16.</returns>
    public static bool Hex(ReadOnlySpan<byte> text, ref int at, out ulong value)
    {
        value = 0;
        var start = at;
        var i = at;
        while ((uint)i < (uint)text.Length)
        {
            var digit = HexValue(text[i]);
            if (digit > 15)
            {
                break;
            }

            value = (value << 4) | digit;
            i++;
        }

        at = i;
        return i - start is > 0 and <= 16;
    }

    /// <summary>Reads a number as kprobe arguments print them: <c>0x</c> hexadecimal, else decimal, maybe negative
    /// (taken as two's complement).</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="at">Where to begin; moved after the number.</param>
    /// <param name="value">The number.</param>
    /// <returns>False if no number stands there.</returns>
    public static bool Number(ReadOnlySpan<byte> text, ref int at, out ulong value)
    {
        if (at + 1 < text.Length && text[at] == (byte)'0' && text[at + 1] == (byte)'x')
        {
            at += 2;
            return Hex(text, ref at, out value);
        }

        if (at < text.Length && text[at] == (byte)'-')
        {
            at++;
            var ok = Decimal(text, ref at, out value);
            value = 0UL - value;
            return ok;
        }

        return Decimal(text, ref at, out value);
    }

    /// <summary>The number a whole span is.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="value">The number.</param>
    /// <returns>False if the span is anything else than one number.</returns>
    public static bool Whole(ReadOnlySpan<byte> text, out ulong value)
    {
        var at = 0;
        return Number(text, ref at, out value) && at == text.Length;
    }

    /// <summary>Reads seconds with decimals as nanoseconds (<c>21.266787</c>).</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="at">Where to begin; moved after the number.</param>
    /// <param name="nanoseconds">The time.</param>
    /// <param name="decimals">Number of decimals, 0 for an integer: then <paramref name="nanoseconds"/> is that integer.</param>
    /// <returns>False if it is no such number or does not fit.</returns>
    public static bool Seconds(ReadOnlySpan<byte> text, ref int at, out long nanoseconds, out int decimals)
    {
        nanoseconds = 0;
        decimals = 0;
        if (!Decimal(text, ref at, out var whole) || whole > long.MaxValue)
        {
            return false;
        }

        if ((uint)at >= (uint)text.Length || text[at] != (byte)'.')
        {
            nanoseconds = (long)whole;
            return true;
        }

        var start = ++at;
        if (!Decimal(text, ref at, out var fraction) || whole > long.MaxValue / 1_000_000_000UL - 1)
        {
            return false;
        }

        decimals = at - start;
        if (decimals > 9)
        {
            return false;
        }

        nanoseconds = ((long)whole * 1_000_000_000L) + ((long)fraction * Scale[decimals]);
        return true;
    }

    private static ReadOnlySpan<long> Scale =>
        [1_000_000_000, 100_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000, 100, 10, 1];

    private static bool BigDecimal(ReadOnlySpan<byte> digits, out ulong value) =>
        ulong.TryParse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out value);
}
