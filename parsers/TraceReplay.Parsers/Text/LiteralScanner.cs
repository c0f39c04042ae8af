using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TraceReplay.Parsers.Text;

/// <summary>Finds which of many literals stand in bytes, at several bytes per cycle. Each literal is represented by four of its
/// bytes that are rare in logs; these are looked up by half-bytes in shuffled tables, twice eight groups at once ("Teddy",
/// the algorithm of Hyperscan and ripgrep). Only places that pass are looked up in a bit map, and only those whose four bytes are
/// right are compared.</summary>
internal sealed class LiteralScanner
{
    /// <summary>Bytes of a window, and the least length of a literal.</summary>
    public const int Width = 4;

    private const int Groups = 16;
    private const int HashBits = 13;

    private readonly byte[][] _literals;
    private readonly WindowTable _windows;
    private readonly uint[] _bits = new uint[(1 << HashBits) / 32];

    // For each place of a window, of the first eight groups and then of the others.
    private readonly Vector128<byte>[] _low = new Vector128<byte>[2 * Width];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[2 * Width];

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
            (_low[k], _high[k]) = Tables(groups.Take(Groups / 2), k);
            (_low[Width + k], _high[Width + k]) = Tables(groups.Skip(Groups / 2), k);
        }

        foreach (var window in windows.Keys)
        {
            _bits[Hash(window) >> 5] |= 1u << (int)(Hash(window) & 31);
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
        if (Avx512BW.IsSupported && text.Length >= Vector512<byte>.Count + Width - 1)
        {
            place = Widest(text, ref at, found);
        }
        else if (Avx2.IsSupported && text.Length >= Vector256<byte>.Count + Width - 1)
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
        var (low, high) = (_low, _high);
        for (; at + Vector128<byte>.Count + Width - 1 <= text.Length; at += Vector128<byte>.Count)
        {
            var (first, second) = (Vector128<byte>.AllBitsSet, Vector128<byte>.AllBitsSet);
            for (var k = 0; k < Width; k++)
            {
                var bytes = Vector128.LoadUnsafe(ref start, (nuint)(at + k));
                var (lower, upper) = (bytes & Vector128.Create((byte)15), Vector128.ShiftRightLogical(bytes, 4));
                first &= Vector128.ShuffleNative(low[k], lower) & Vector128.ShuffleNative(high[k], upper);
                second &= Vector128.ShuffleNative(low[Width + k], lower) & Vector128.ShuffleNative(high[Width + k], upper);
            }

            var hits = first | second;
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

    /// <summary>32 bytes at a time; the tables stand in both halves, because the shuffle works within each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Wide(ReadOnlySpan<byte> text, ref int at, bool[]? found)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var (low, high) = (_low, _high);
        for (; at + Vector256<byte>.Count + Width - 1 <= text.Length; at += Vector256<byte>.Count)
        {
            var hits = (Look(ref start, at, low[0], high[0]) & Look(ref start, at + 1, low[1], high[1]) & Look(ref start, at + 2, low[2], high[2]) & Look(ref start, at + 3, low[3], high[3]))
                | (Look(ref start, at, low[4], high[4]) & Look(ref start, at + 1, low[5], high[5]) & Look(ref start, at + 2, low[6], high[6]) & Look(ref start, at + 3, low[7], high[7]));
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Look(ref byte start, int at, Vector128<byte> low, Vector128<byte> high)
    {
        var bytes = Vector256.LoadUnsafe(ref start, (nuint)at);
        return Avx2.Shuffle(Vector256.Create(low, low), bytes & Vector256.Create((byte)15)) & Avx2.Shuffle(Vector256.Create(high, high), Vector256.ShiftRightLogical(bytes, 4));
    }

    /// <summary>64 bytes at a time: all tables stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Widest(ReadOnlySpan<byte> text, ref int at, bool[]? found)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var (low0, low1, low2, low3) = (Wider(_low[0]), Wider(_low[1]), Wider(_low[2]), Wider(_low[3]));
        var (low4, low5, low6, low7) = (Wider(_low[4]), Wider(_low[5]), Wider(_low[6]), Wider(_low[7]));
        var (high0, high1, high2, high3) = (Wider(_high[0]), Wider(_high[1]), Wider(_high[2]), Wider(_high[3]));
        var (high4, high5, high6, high7) = (Wider(_high[4]), Wider(_high[5]), Wider(_high[6]), Wider(_high[7]));
        var half = Vector512.Create((byte)15);
        for (; at + Vector512<byte>.Count + Width - 1 <= text.Length; at += Vector512<byte>.Count)
        {
            var b0 = Vector512.LoadUnsafe(ref start, (nuint)at);
            var b1 = Vector512.LoadUnsafe(ref start, (nuint)at + 1);
            var b2 = Vector512.LoadUnsafe(ref start, (nuint)at + 2);
            var b3 = Vector512.LoadUnsafe(ref start, (nuint)at + 3);
            var (l0, l1, l2, l3) = (b0 & half, b1 & half, b2 & half, b3 & half);
            var (h0, h1, h2, h3) = (Vector512.ShiftRightLogical(b0, 4), Vector512.ShiftRightLogical(b1, 4), Vector512.ShiftRightLogical(b2, 4), Vector512.ShiftRightLogical(b3, 4));
            var hits = (Avx512BW.Shuffle(low0, l0) & Avx512BW.Shuffle(high0, h0) & Avx512BW.Shuffle(low1, l1) & Avx512BW.Shuffle(high1, h1)
                    & Avx512BW.Shuffle(low2, l2) & Avx512BW.Shuffle(high2, h2) & Avx512BW.Shuffle(low3, l3) & Avx512BW.Shuffle(high3, h3))
                | (Avx512BW.Shuffle(low4, l0) & Avx512BW.Shuffle(high4, h0) & Avx512BW.Shuffle(low5, l1) & Avx512BW.Shuffle(high5, h1)
                    & Avx512BW.Shuffle(low6, l2) & Avx512BW.Shuffle(high6, h2) & Avx512BW.Shuffle(low7, l3) & Avx512BW.Shuffle(high7, h3));
            for (var places = ~Vector512.Equals(hits, Vector512<byte>.Zero).ExtractMostSignificantBits(); places != 0; places &= places - 1)
            {
                var place = CheckAt(text, at + BitOperations.TrailingZeroCount(places), found);
                if (place >= 0)
                {
                    return place;
                }
            }
        }

        return -1;
    }

    private static Vector512<byte> Wider(Vector128<byte> quarter) => Vector512.Create(Vector256.Create(quarter, quarter), Vector256.Create(quarter, quarter));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint window) => (window * 0x9e3779b1u) >> (32 - HashBits);

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
        var window = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref MemoryMarshal.GetReference(text), place));
        var hash = Hash(window);
        return (_bits[hash >> 5] >> (int)(hash & 31) & 1) == 0 || _windows.Find(window) is not { } candidates ? -1 : Compare(text, place, candidates, found);
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

    private static (Vector128<byte> Low, Vector128<byte> High) Tables(IEnumerable<WindowGroups.HalfBytes> groups, int k)
    {
        Span<byte> low = stackalloc byte[16];
        Span<byte> high = stackalloc byte[16];
        low.Clear();
        high.Clear();
        var bit = 1;
        foreach (var group in groups)
        {
            for (var half = 0; half < 16; half++)
            {
                low[half] |= (byte)(group.HasLow(k, half) ? bit : 0);
                high[half] |= (byte)(group.HasHigh(k, half) ? bit : 0);
            }

            bit <<= 1;
        }

        return (Vector128.Create<byte>(low), Vector128.Create<byte>(high));
    }
}
