using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Finds <c>key=value</c> in a body, in order.</summary>
internal static class BodyFields
{
    /// <summary>Moves behind a key.</summary>
    /// <param name="body">The body.</param>
    /// <param name="key">The key with its blank and equals sign, for example <c> size=</c>.</param>
    /// <param name="at">Where to look from; moved behind the key if it is there.</param>
    /// <returns>Whether it is there.</returns>
    public static bool Find(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key, ref int at)
    {
        var found = body[at..].IndexOf(key);
        if (found < 0)
        {
            return false;
        }

        at += found + key.Length;
        return true;
    }

    /// <summary>Reads a hexadecimal field without <c>0x</c>.</summary>
    /// <param name="body">The body.</param>
    /// <param name="key">The key.</param>
    /// <param name="at">Where to look from; moved behind the value.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether it is there.</returns>
    public static bool Hex(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key, ref int at, out ulong value)
    {
        value = 0;
        return Find(body, key, ref at) && Ascii.Hex(body, ref at, out value);
    }

    /// <summary>Reads a decimal or <c>0x</c> field.</summary>
    /// <param name="body">The body.</param>
    /// <param name="key">The key.</param>
    /// <param name="at">Where to look from; moved behind the value.</param>
    /// <param name="value">The value.</param>
    /// <returns>Whether it is there.</returns>
    public static bool Number(ReadOnlySpan<byte> body, ReadOnlySpan<byte> key, ref int at, out ulong value)
    {
        value = 0;
        return Find(body, key, ref at) && Ascii.Number(body, ref at, out value);
    }

    /// <summary>A size as a positive number of bytes; what does not fit is the largest.</summary>
    /// <param name="value">The number read.</param>
    /// <returns>The number as signed.</returns>
    public static long Signed(ulong value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
