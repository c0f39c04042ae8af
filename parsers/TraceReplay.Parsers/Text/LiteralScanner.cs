using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TraceReplay.Parsers.Text;

/// <summary>Finds which of many literals stand in bytes, at several bytes per cycle. Each literal is represented by four of its
/// bytes that are rare in logs; these are looked up by half-bytes in shuffled tables, eight groups at once ("Teddy", the
/// algorithm of Hyperscan and ripgrep). Only places that pass are looked up, and only those whose four bytes are right are
/// compared.</summary>
internal sealed class LiteralScanner
{
    /// <summary>Bytes of a window, and the least length of a literal.</summary>
    public const int Width = 4;

    private const int Groups = 8;

    private readonly byte[][] _literals;
    private readonly WindowTable _windows;
    private readonly Vector128<byte>[] _low = new Vector128<byte>[Width];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Width];

    /// <summary>Prepares for a set of literals.</summary>
    /// <param name="literals">Literals of at least <see cref="Width"/> bytes.</param>
    /// <param name="sample">Text of the kind that will be searched: windows that are frequent in it are avoided.</param>
    public LiteralScanner(IEnumerable<byte[]> literals, ReadOnlySpan<byte> sample = default)
    {
        _literals = [.. literals];
        if (_literals.Length == 0 || _literals.Any(l => l.Length < Width))
        {
            throw new ArgumentException($"a literal needs {Width} bytes", nameof(literals));
        }

        var windows = LiteralWindows.Choose(_literals, sample);
        _windows = new WindowTable(windows);

        var groups = WindowGroups.Choose(windows.Keys, Groups, LiteralWindows.ByteShares(sample));
        for (var k = 0; k < Width; k++)
        {
            (_low[k], _high[k]) = Tables(groups, k);
        }
    }

    /// <summary>The same literals, prepared for text like a sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <returns>A scanner that finds the same.</returns>
    public LiteralScanner For(ReadOnlySpan<byte> sample) => new(_literals, sample);

    /// <summary>A place where a literal stands: one in the first line that holds any.</summary>
    /// <param name="text">The bytes.</param>
    /// <returns>Where the literal begins, -1 if there is none.</returns>
    public int IndexOf(ReadOnlySpan<byte> text) => Scan(text, null);

    /// <summary>All literals that stand in a text.</summary>
    /// <param name="text">The bytes.</param>
    /// <param name="found">Set to true at the number of each literal found; the others are left alone.</param>
    public void FindAll(ReadOnlySpan<byte> text, bool[] found) => _ = Scan(text, found);

    private int Scan(ReadOnlySpan<byte> text, bool[]? found)
    {
        var at = 0;
        var place = -1;
        if (Avx2.IsSupported && text.Length >= Vector256<byte>.Count + Width - 1)
        {
            place = Wide(text, ref at, found);
        }
        else if (text.Length >= Vector128<byte>.Count + Width - 1)
        {
            place = Narrow(text, ref at, found);
        }

        for (; place < 0 && at + Width <= text.Length; at++)
        {
            place = CheckAt(text, at, found);
        }

        return place;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Narrow(ReadOnlySpan<byte> text, ref int at, bool[]? found)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var (low0, low1, low2, low3) = (_low[0], _low[1], _low[2], _low[3]);
        var (high0, high1, high2, high3) = (_high[0], _high[1], _high[2], _high[3]);
        for (; at + Vector128<byte>.Count + Width - 1 <= text.Length; at += Vector128<byte>.Count)
        {
            var hits = Look(ref start, at, low0, high0) & Look(ref start, at + 1, low1, high1) & Look(ref start, at + 2, low2, high2)
                & Look(ref start, at + 3, low3, high3);
            if (hits != Vector128<byte>.Zero)
            {
                var place = Check(text, at, ~Vector128.Equals(hits, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xffff, found);
                if (place >= 0)
                {
                    return place;
                }
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
    private int Wide(ReadOnlySpan<byte> text, ref int at, bool[]? found)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var (low0, low1, low2, low3) = (Twice(_low[0]), Twice(_low[1]), Twice(_low[2]), Twice(_low[3]));
        var (high0, high1, high2, high3) = (Twice(_high[0]), Twice(_high[1]), Twice(_high[2]), Twice(_high[3]));
        for (; at + Vector256<byte>.Count + Width - 1 <= text.Length; at += Vector256<byte>.Count)
        {
            var hits = Look(ref start, at, low0, high0) & Look(ref start, at + 1, low1, high1) & Look(ref start, at + 2, low2, high2)
                & Look(ref start, at + 3, low3, high3);
            if (hits != Vector256<byte>.Zero)
            {
                var place = Check(text, at, ~Vector256.Equals(hits, Vector256<byte>.Zero).ExtractMostSignificantBits(), found);
                if (place >= 0)
                {
                    return place;
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

    private int Check(ReadOnlySpan<byte> text, int at, uint places, bool[]? found)
    {
        for (; places != 0; places &= places - 1)
        {
            var place = CheckAt(text, at + BitOperations.TrailingZeroCount(places), found);
            if (place >= 0)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>Compares the literals whose window stands at a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int CheckAt(ReadOnlySpan<byte> text, int place, bool[]? found)
    {
        var candidates = _windows.Find(Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), place)));
        return candidates is null ? -1 : Compare(text, place, candidates, found);
    }

    /// <summary>Where the first of the candidates begins; where all are wanted, notes them and goes on.</summary>
    private int Compare(ReadOnlySpan<byte> text, int place, LiteralAt[] candidates, bool[]? found)
    {
        foreach (var (literal, offset) in candidates)
        {
            var begin = place - offset;
            if (begin < 0 || !text[begin..].StartsWith(_literals[literal]))
            {
                continue;
            }

            if (found is null)
            {
                return begin;
            }

            found[literal] = true;
        }

        return -1;
    }

    private static (Vector128<byte> Low, Vector128<byte> High) Tables(IReadOnlyList<WindowGroups.HalfBytes> groups, int k)
    {
        Span<byte> low = stackalloc byte[16];
        Span<byte> high = stackalloc byte[16];
        low.Clear();
        high.Clear();
        for (var group = 0; group < groups.Count; group++)
        {
            for (var half = 0; half < 16; half++)
            {
                low[half] |= (byte)(groups[group].HasLow(k, half) ? 1 << group : 0);
                high[half] |= (byte)(groups[group].HasHigh(k, half) ? 1 << group : 0);
            }
        }

        return (Vector128.Create<byte>(low), Vector128.Create<byte>(high));
    }
}
