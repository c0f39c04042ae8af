using System.Globalization;
using System.Numerics;

namespace TraceReplay.Pools.Specs;

/// <summary>Sizes as specs and the kernel's boot parameters spell them: <c>4096</c>, <c>64KiB</c>, <c>64M</c>,
/// <c>1GiB</c>.</summary>
public static class ByteSize
{
    /// <summary>What a size looks like, for error texts.</summary>
    public const string Form = "a size such as 64MiB, 64M or 65536 (units B, KiB, MiB, GiB)";

    /// <summary>Reads a size.</summary>
    /// <param name="text">The text; units are not case-sensitive, no unit means bytes.</param>
    /// <param name="bytes">The size, 0 to 2^62 bytes.</param>
    /// <returns>False if it is not a size.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out long bytes)
    {
        bytes = 0;
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? text.Length : digits;
        return long.TryParse(text[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && TryShift(text[digits..].Trim(), out var shift)
            && TryScale(number, shift, out bytes);
    }

    private static bool TryScale(long number, int shift, out long bytes)
    {
        bytes = number << shift;
        return BitOperations.Log2((ulong)number | 1) + shift <= 62;
    }

    private static bool TryShift(ReadOnlySpan<char> unit, out int shift)
    {
        shift = 0;
        if (unit.IsEmpty || unit.Equals("B", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        shift = ("KMGT".IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal) + 1) * 10;
        return shift > 0 && (unit.Length == 1 || unit[1..].Equals("iB", StringComparison.OrdinalIgnoreCase));
    }
}
