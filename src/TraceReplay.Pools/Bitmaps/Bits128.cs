using System.Numerics;
using System.Runtime.CompilerServices;

namespace TraceReplay.Pools.Bitmaps;

/// <summary>128 bits, bit 0 lowest: the free units of one swiotlb segment, or two neighbouring words of a
/// table.</summary>
/// <param name="Low">Bits 0 to 63.</param>
/// <param name="High">Bits 64 to 127.</param>
internal readonly record struct Bits128(ulong Low, ulong High)
{
    /// <summary>Number of bits.</summary>
    public const int Width = 128;

    /// <summary>All bits set.</summary>
    public static Bits128 Ones => new(ulong.MaxValue, ulong.MaxValue);

    /// <summary>Whether no bit is set.</summary>
    public bool IsEmpty => (Low | High) == 0;

    /// <summary>Index of the lowest set bit, 128 if none.</summary>
    public int First => Low != 0 ? BitOperations.TrailingZeroCount(Low) : 64 + BitOperations.TrailingZeroCount(High);

    /// <summary>Number of set bits.</summary>
    public int Count => BitOperations.PopCount(Low) + BitOperations.PopCount(High);

    /// <summary>Bits in both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits128 operator &(Bits128 a, Bits128 b) => new(a.Low & b.Low, a.High & b.High);

    /// <summary>Bits in either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits128 operator |(Bits128 a, Bits128 b) => new(a.Low | b.Low, a.High | b.High);

    /// <summary>The other bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits128 operator ~(Bits128 a) => new(~a.Low, ~a.High);

    /// <summary>Bits moved down, zeros from above; 0 to 127.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits128 operator >>(Bits128 a, int by) => by switch
    {
        0 => a,
        < 64 => new((a.Low >> by) | (a.High << (64 - by)), a.High >> by),
        _ => new(a.High >> (by - 64), 0),
    };

    /// <summary>Bits [from, to) set; 0 &lt;= from &lt;= to &lt;= 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits128 Range(int from, int to)
    {
        var below = Below(from);
        var upTo = Below(to);
        return new(upTo.Low & ~below.Low, upTo.High & ~below.High);
    }

    /// <summary>Bits 0 to <paramref name="n"/>-1 set; 0 &lt;= n &lt;= 128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Bits128 Below(int n) => n switch
    {
        < 64 => new((1UL << n) - 1, 0),
        64 => new(ulong.MaxValue, 0),
        < Width => new(ulong.MaxValue, (1UL << (n - 64)) - 1),
        _ => Ones,
    };

    /// <summary>Bits at multiples of <paramref name="step"/> above <paramref name="residue"/>.</summary>
    /// <param name="step">A power of two, 1 to 128.</param>
    /// <param name="residue">0 to step - 1.</param>
    public static Bits128 Every(int step, int residue)
    {
        var bits = default(Bits128);
        for (var i = residue; i < Width; i += step)
        {
            bits |= i < 64 ? new(1UL << i, 0) : new(0, 1UL << (i - 64));
        }

        return bits;
    }

    /// <summary>The bits that begin a run of at least <paramref name="n"/> set bits, 1 &lt;= n &lt;= 128: runs are
    /// doubled by and-ing with themselves moved down, so it takes log2(n) steps.</summary>
    public Bits128 RunStarts(int n)
    {
        var (low, high) = (Low, High);
        var length = 1;
        while (length * 2 <= n && length < 64)
        {
            low &= (low >> length) | (high << (64 - length));
            high &= high >> length;
            length *= 2;
        }

        var starts = new Bits128(low, high);
        return n > length ? starts & (starts >> (n - length)) : starts;
    }

    /// <summary>Length of the longest run of set bits that begins at a bit of <paramref name="starts"/>.</summary>
    public int LongestRun(Bits128 starts)
    {
        if ((this & starts).IsEmpty)
        {
            return 0;
        }

        // atLeast[k] = the bits that begin a run of 2^k; the longest run is then put together from the top power down.
        Span<Bits128> atLeast = stackalloc Bits128[8];
        atLeast[0] = this;
        var k = 0;
        while (k < 7)
        {
            var doubled = atLeast[k] & (atLeast[k] >> (1 << k));
            if ((doubled & starts).IsEmpty)
            {
                break;
            }

            atLeast[++k] = doubled;
        }

        var (runs, length) = (atLeast[k], 1 << k);
        while (--k >= 0)
        {
            var longer = length < Width ? runs & (atLeast[k] >> length) : default;
            if (!(longer & starts).IsEmpty)
            {
                (runs, length) = (longer, length + (1 << k));
            }
        }

        return length;
    }

    /// <summary>First index of the run of set bits that ends just below <paramref name="end"/> (0 to 128).</summary>
    public int RunBegin(int end)
    {
        var clear = ~this & Below(end);
        return clear.High != 0
            ? Width - BitOperations.LeadingZeroCount(clear.High)
            : 64 - BitOperations.LeadingZeroCount(clear.Low);
    }

    /// <summary>Index after the run of set bits that begins at <paramref name="begin"/> (0 to 128).</summary>
    public int RunEnd(int begin) => (~this & ~Below(begin)).First;
}
