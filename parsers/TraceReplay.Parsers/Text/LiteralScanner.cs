using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TraceReplay.Parsers.Text;

/// <summary>Finds which of many literals stand in bytes, at several bytes per cycle. Each literal is represented by four of its
/// bytes that are rare in logs; these are looked up by half-bytes in shuffled tables, twice eight groups at once (after "Teddy",
/// the algorithm of Hyperscan and ripgrep, with neighbours mixed in place of high halves). Only places that pass are looked up in a bit map, and only those whose four bytes are
/// right are compared.</summary>
internal sealed class LiteralScanner
{
    /// <summary>Bytes of a window, and the least length of a literal.</summary>
    public const int Width = 4;

    private const int Groups = 16;

    // Tables of eight groups: one for each byte of a window, and one for each pair of neighbours.
    private const int Set = Width + WindowHalves.Pairs;
    private const int HashBits = 13;

    private readonly byte[][] _literals;
    private readonly WindowTable _windows;
    private readonly uint[] _bits = new uint[(1 << HashBits) / 32];

    // Of the first eight groups and then of the others: a table for the low half of each byte, then one for each pair.
    private readonly Vector512<byte>[] _tables = new Vector512<byte>[2 * Set];

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

        var groups = WindowGroups.Choose(windows.Keys, Groups, sample);
        Tables([.. groups.Take(Groups / 2)], _tables.AsSpan(0, Set));
        Tables([.. groups.Skip(Groups / 2)], _tables.AsSpan(Set));

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
        if (Avx512BW.IsSupported && text.Length >= Vector512<byte>.Count + Width - 1)
        {
            return Widest(text, found);
        }

        if (Avx2.IsSupported && text.Length >= Vector256<byte>.Count + Width - 1)
        {
            return Wide(text, found);
        }

        if (text.Length >= Vector128<byte>.Count + Width - 1)
        {
            return Narrow(text, found);
        }

        for (var at = 0; at + Width <= text.Length; at++)
        {
            var place = CheckAt(text, at, found);
            if (place >= 0)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>16 bytes at a time. What is left at the end is looked at together with some that were before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Narrow(ReadOnlySpan<byte> text, bool[]? found)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        ref var tables = ref MemoryMarshal.GetArrayDataReference(_tables);
        var half = Vector128.Create((byte)15);
        var last = text.Length - Vector128<byte>.Count - Width + 1;
        for (var at = 0; ; at = Math.Min(at + Vector128<byte>.Count, last))
        {
            var b0 = Vector128.LoadUnsafe(ref start, (nuint)at);
            var b1 = Vector128.LoadUnsafe(ref start, (nuint)at + 1);
            var b2 = Vector128.LoadUnsafe(ref start, (nuint)at + 2);
            var b3 = Vector128.LoadUnsafe(ref start, (nuint)at + 3);
            var (l0, l1, l2, l3) = (b0 & half, b1 & half, b2 & half, b3 & half);
            var p0 = (b0 + b1 + Vector128.ShiftRightLogical(b0, 4)) & half;
            var p1 = (b1 + b2 + Vector128.ShiftRightLogical(b1, 4)) & half;
            var p2 = (b2 + b3 + Vector128.ShiftRightLogical(b2, 4)) & half;
            var hits = Vector128<byte>.Zero;
            for (var set = 0; set < 2 * Set; set += Set)
            {
                hits |= Vector128.ShuffleNative(Quarter(ref tables, set), l0) & Vector128.ShuffleNative(Quarter(ref tables, set + 1), l1)
                    & Vector128.ShuffleNative(Quarter(ref tables, set + 2), l2) & Vector128.ShuffleNative(Quarter(ref tables, set + 3), l3)
                    & Vector128.ShuffleNative(Quarter(ref tables, set + 4), p0) & Vector128.ShuffleNative(Quarter(ref tables, set + 5), p1)
                    & Vector128.ShuffleNative(Quarter(ref tables, set + 6), p2);
            }

            var place = hits == Vector128<byte>.Zero ? -1
                : Check(text, at, ~Vector128.Equals(hits, Vector128<byte>.Zero).ExtractMostSignificantBits() & 0xffff, found);
            if (place >= 0 || at == last)
            {
                return place;
            }
        }
    }

    /// <summary>32 bytes at a time; the tables stand in both halves, because the shuffle works within each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Wide(ReadOnlySpan<byte> text, bool[]? found)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        ref var tables = ref MemoryMarshal.GetArrayDataReference(_tables);
        var half = Vector256.Create((byte)15);
        var last = text.Length - Vector256<byte>.Count - Width + 1;
        for (var at = 0; ; at = Math.Min(at + Vector256<byte>.Count, last))
        {
            var b0 = Vector256.LoadUnsafe(ref start, (nuint)at);
            var b1 = Vector256.LoadUnsafe(ref start, (nuint)at + 1);
            var b2 = Vector256.LoadUnsafe(ref start, (nuint)at + 2);
            var b3 = Vector256.LoadUnsafe(ref start, (nuint)at + 3);
            var (l0, l1, l2, l3) = (b0 & half, b1 & half, b2 & half, b3 & half);
            var p0 = (b0 + b1 + Vector256.ShiftRightLogical(b0, 4)) & half;
            var p1 = (b1 + b2 + Vector256.ShiftRightLogical(b1, 4)) & half;
            var p2 = (b2 + b3 + Vector256.ShiftRightLogical(b2, 4)) & half;
            var hits = Vector256<byte>.Zero;
            for (var set = 0; set < 2 * Set; set += Set)
            {
                hits |= Avx2.Shuffle(Half(ref tables, set), l0) & Avx2.Shuffle(Half(ref tables, set + 1), l1)
                    & Avx2.Shuffle(Half(ref tables, set + 2), l2) & Avx2.Shuffle(Half(ref tables, set + 3), l3)
                    & Avx2.Shuffle(Half(ref tables, set + 4), p0) & Avx2.Shuffle(Half(ref tables, set + 5), p1)
                    & Avx2.Shuffle(Half(ref tables, set + 6), p2);
            }

            var place = hits == Vector256<byte>.Zero ? -1
                : Check(text, at, ~Vector256.Equals(hits, Vector256<byte>.Zero).ExtractMostSignificantBits(), found);
            if (place >= 0 || at == last)
            {
                return place;
            }
        }
    }

    /// <summary>64 bytes at a time: all tables stay in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Widest(ReadOnlySpan<byte> text, bool[]? found)
    {
        ref var start = ref MemoryMarshal.GetReference(text);
        var t = _tables.AsSpan(0, 2 * Set);
        var (low0, low1, low2, low3, pair0, pair1, pair2) = (t[0], t[1], t[2], t[3], t[4], t[5], t[6]);
        var (low4, low5, low6, low7, pair4, pair5, pair6) = (t[7], t[8], t[9], t[10], t[11], t[12], t[13]);
        var half = Vector512.Create((byte)15);
        var last = text.Length - Vector512<byte>.Count - Width + 1;
        for (var at = 0; ; at = Math.Min(at + Vector512<byte>.Count, last))
        {
            var b0 = Vector512.LoadUnsafe(ref start, (nuint)at);
            var b1 = Vector512.LoadUnsafe(ref start, (nuint)at + 1);
            var b2 = Vector512.LoadUnsafe(ref start, (nuint)at + 2);
            var b3 = Vector512.LoadUnsafe(ref start, (nuint)at + 3);
            var (l0, l1, l2, l3) = (b0 & half, b1 & half, b2 & half, b3 & half);
            var p0 = (b0 + b1 + Vector512.ShiftRightLogical(b0, 4)) & half;
            var p1 = (b1 + b2 + Vector512.ShiftRightLogical(b1, 4)) & half;
            var p2 = (b2 + b3 + Vector512.ShiftRightLogical(b2, 4)) & half;
            var hits = (Avx512BW.Shuffle(low0, l0) & Avx512BW.Shuffle(low1, l1) & Avx512BW.Shuffle(low2, l2) & Avx512BW.Shuffle(low3, l3)
                    & Avx512BW.Shuffle(pair0, p0) & Avx512BW.Shuffle(pair1, p1) & Avx512BW.Shuffle(pair2, p2))
                | (Avx512BW.Shuffle(low4, l0) & Avx512BW.Shuffle(low5, l1) & Avx512BW.Shuffle(low6, l2) & Avx512BW.Shuffle(low7, l3)
                    & Avx512BW.Shuffle(pair4, p0) & Avx512BW.Shuffle(pair5, p1) & Avx512BW.Shuffle(pair6, p2));
            for (var places = ~Vector512.Equals(hits, Vector512<byte>.Zero).ExtractMostSignificantBits(); places != 0; places &= places - 1)
            {
                var place = CheckAt(text, at + BitOperations.TrailingZeroCount(places), found);
                if (place >= 0)
                {
                    return place;
                }
            }

            if (at == last)
            {
                return -1;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Quarter(ref Vector512<byte> tables, int table) => Unsafe.Add(ref tables, table).GetLower().GetLower();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Half(ref Vector512<byte> tables, int table) => Unsafe.Add(ref tables, table).GetLower();

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

    /// <summary>Tables of eight groups: bit g of an entry says that group g has this half-byte there.</summary>
    private static void Tables(WindowHalves[] groups, Span<Vector512<byte>> tables)
    {
        Span<byte> table = stackalloc byte[16];
        for (var t = 0; t < Set; t++)
        {
            table.Clear();
            for (var g = 0; g < groups.Length; g++)
            {
                var halves = t < Width ? groups[g].Low >> (16 * t) : groups[g].Pair >> (16 * (t - Width));
                for (var half = 0; half < table.Length; half++)
                {
                    table[half] |= (byte)(((halves >> half) & 1) << g);
                }
            }

            var quarter = Vector128.Create<byte>(table);
            var wide = Vector256.Create(quarter, quarter);
            tables[t] = Vector512.Create(wide, wide);
        }
    }
}
