using System.Collections.Frozen;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TraceReplay.Parsers.Text;

/// <summary>Finds whether any of many literals stands in bytes, at a few bytes per cycle. Each literal is represented by three
/// of its bytes that are rare in logs and shared with other literals; these are looked up by half-bytes in shuffled tables,
/// eight groups at once ("Teddy", the algorithm of Hyperscan and ripgrep). Only places that pass are compared.</summary>
internal sealed class LiteralScanner
{
    private const int Groups = 8;
    private const int Width = 3;

    private readonly (byte[] Literal, int Offset)[][] _groups;
    private readonly FrozenDictionary<int, (byte[] Literal, int Offset)[]> _byWindow;
    private readonly Vector128<byte>[] _low = new Vector128<byte>[Width];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Width];

    /// <summary>Prepares for a set of literals.</summary>
    /// <param name="literals">Literals of at least three bytes.</param>
    public LiteralScanner(IEnumerable<byte[]> literals)
    {
        byte[][] all = [.. literals];
        if (all.Length == 0 || all.Any(l => l.Length < Width))
        {
            throw new ArgumentException("a literal needs three bytes", nameof(literals));
        }

        var windows = LiteralWindows.Choose(all, Width);
        _byWindow = windows.ToFrozenDictionary(w => (w.Key[0] << 16) | (w.Key[1] << 8) | w.Key[2], w => w.Value.ToArray());

        // Neighbours in order share beginnings, and so a group's tables stay selective.
        var ordered = windows.OrderBy(w => w.Key, StringComparer.Ordinal).ToArray();
        var perGroup = (ordered.Length + Groups - 1) / Groups;
        _groups = [.. Enumerable.Range(0, Groups).Select(g => ordered.Skip(g * perGroup).Take(perGroup).SelectMany(w => w.Value).ToArray())];
        for (var k = 0; k < Width; k++)
        {
            (_low[k], _high[k]) = Tables(k);
        }
    }

    /// <summary>A place where a literal stands: one in the first line that holds any.</summary>
    /// <param name="text">The bytes.</param>
    /// <returns>Where the literal begins, -1 if there is none.</returns>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        var at = 0;
        ref var start = ref MemoryMarshal.GetReference(text);
        if (Avx2.IsSupported)
        {
            var wide = Wide(text, ref start, ref at);
            if (wide >= 0)
            {
                return wide;
            }
        }

        var (low0, low1, low2) = (_low[0], _low[1], _low[2]);
        var (high0, high1, high2) = (_high[0], _high[1], _high[2]);
        for (; at + Vector128<byte>.Count + Width - 1 <= text.Length; at += Vector128<byte>.Count)
        {
            var hits = Look(ref start, at, low0, high0) & Look(ref start, at + 1, low1, high1) & Look(ref start, at + 2, low2, high2);
            if (hits != Vector128<byte>.Zero)
            {
                var found = Check(text, at, ~Vector128.Equals(hits, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xffff);
                if (found >= 0)
                {
                    return found;
                }
            }
        }

        for (; at + Width <= text.Length; at++)
        {
            var found = CheckAt(text, at);
            if (found >= 0)
            {
                return found;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Look(ref byte start, int at, Vector128<byte> low, Vector128<byte> high)
    {
        var bytes = Vector128.LoadUnsafe(ref start, (nuint)at);
        return Vector128.ShuffleNative(low, bytes & Vector128.Create((byte)15)) & Vector128.ShuffleNative(high, Vector128.ShiftRightLogical(bytes, 4));
    }

    /// <summary>32 bytes at a time; the tables stand in both halves, because the shuffle works within each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Wide(ReadOnlySpan<byte> text, ref byte start, ref int at)
    {
        var (low0, low1, low2) = (Twice(_low[0]), Twice(_low[1]), Twice(_low[2]));
        var (high0, high1, high2) = (Twice(_high[0]), Twice(_high[1]), Twice(_high[2]));
        for (; at + Vector256<byte>.Count + Width - 1 <= text.Length; at += Vector256<byte>.Count)
        {
            var hits = Look(ref start, at, low0, high0) & Look(ref start, at + 1, low1, high1) & Look(ref start, at + 2, low2, high2);
            if (hits != Vector256<byte>.Zero)
            {
                var found = Check(text, at, ~Vector256.Equals(hits, Vector256<byte>.Zero).ExtractMostSignificantBits());
                if (found >= 0)
                {
                    return found;
                }
            }
        }

        return -1;
    }

    private static Vector256<byte> Twice(Vector128<byte> half) => Vector256.Create(half, half);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Look(ref byte start, int at, Vector256<byte> low, Vector256<byte> high)
    {
        var bytes = Vector256.LoadUnsafe(ref start, (nuint)at);
        return Avx2.Shuffle(low, bytes & Vector256.Create((byte)15)) & Avx2.Shuffle(high, Vector256.ShiftRightLogical(bytes, 4));
    }

    private int Check(ReadOnlySpan<byte> text, int at, uint places)
    {
        for (; places != 0; places &= places - 1)
        {
            var found = CheckAt(text, at + BitOperations.TrailingZeroCount(places));
            if (found >= 0)
            {
                return found;
            }
        }

        return -1;
    }

    /// <summary>Compares the literals whose window stands at a place.</summary>
    private int CheckAt(ReadOnlySpan<byte> text, int place)
    {
        if (!_byWindow.TryGetValue((text[place] << 16) | (text[place + 1] << 8) | text[place + 2], out var candidates))
        {
            return -1;
        }

        foreach (var (literal, offset) in candidates)
        {
            var begin = place - offset;
            if (begin >= 0 && text[begin..].StartsWith(literal))
            {
                return begin;
            }
        }

        return -1;
    }

    private (Vector128<byte> Low, Vector128<byte> High) Tables(int k)
    {
        Span<byte> low = stackalloc byte[16];
        Span<byte> high = stackalloc byte[16];
        low.Clear();
        high.Clear();
        for (var group = 0; group < Groups; group++)
        {
            foreach (var (literal, offset) in _groups[group])
            {
                low[literal[offset + k] & 15] |= (byte)(1 << group);
                high[literal[offset + k] >> 4] |= (byte)(1 << group);
            }
        }

        return (Vector128.Create<byte>(low), Vector128.Create<byte>(high));
    }
}
