using System.Numerics;
using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Text;

/// <summary>How often places of a text look by half-bytes like windows of a set.</summary>
internal sealed class WindowChance
{
    // Places of a sample that are tried.
    private const int MostPlaces = 1024;

    // What a sample did not show happens, too: as often as if the half-bytes were independent, less so much.
    private const double Unseen = 0.3;

    private readonly ulong[] _low;
    private readonly ulong[] _pair;
    private readonly double[] _lowShares = new double[16];
    private readonly double[] _pairShares = new double[16];

    /// <summary>Prepares for texts of a kind.</summary>
    /// <param name="sample">Such a text; if it is empty, a kernel log is assumed.</param>
    public WindowChance(ReadOnlySpan<byte> sample)
    {
        sample = LiteralWindows.Tail(sample);
        var places = Math.Max(0, Math.Min(MostPlaces, sample.Length - LiteralScanner.Width + 1));

        // Whole vectors: what is left over stays zero, and is of no set.
        var room = (places + Vector<ulong>.Count - 1) / Vector<ulong>.Count * Vector<ulong>.Count;
        (_low, _pair) = (new ulong[room], new ulong[room]);
        Array.Fill(_low, ulong.MaxValue);
        for (var i = 0; i < places; i++)
        {
            var at = (int)((long)i * (sample.Length - LiteralScanner.Width) / places);
            (_low[i], _pair[i]) = WindowHalves.Of(MemoryMarshal.Read<uint>(sample[at..]));
        }

        Places = places;
        Shares(LiteralWindows.ByteShares(sample));
    }

    private int Places { get; }

    /// <summary>The share of places that look like a window of a set.</summary>
    /// <param name="set">The set.</param>
    /// <returns>A number to compare sets by, about 0 to 1.</returns>
    public double Of(WindowHalves set)
    {
        var independent = 1.0;
        for (var shift = 0; shift < 16 * LiteralScanner.Width; shift += 16)
        {
            independent *= Sum(_lowShares, (uint)(set.Low >> shift) & 0xffff);
        }

        for (var shift = 0; shift < 16 * WindowHalves.Pairs; shift += 16)
        {
            independent *= Sum(_pairShares, (uint)(set.Pair >> shift) & 0xffff);
        }

        return Places == 0 ? independent : (Unseen * independent) + ((double)Count(set) / Places);
    }

    private long Count(WindowHalves set)
    {
        var (notLow, notPair) = (new Vector<ulong>(~set.Low), new Vector<ulong>(~set.Pair));
        var low = MemoryMarshal.Cast<ulong, Vector<ulong>>(_low);
        var pair = MemoryMarshal.Cast<ulong, Vector<ulong>>(_pair);
        var found = Vector<long>.Zero;
        for (var i = 0; i < low.Length; i++)
        {
            // Equal lanes are all ones: minus one.
            found -= Vector.Equals((low[i] & notLow) | (pair[i] & notPair), Vector<ulong>.Zero).As<ulong, long>();
        }

        return Vector.Sum(found);
    }

    private static double Sum(double[] shares, uint halves)
    {
        var sum = 0.0;
        for (; halves != 0; halves &= halves - 1)
        {
            sum += shares[BitOperations.TrailingZeroCount(halves)];
        }

        return sum;
    }

    private void Shares(double[] bytes)
    {
        // The two parts of a mixed half-byte add up.
        Span<double> sums = stackalloc double[16];
        sums.Clear();
        for (var b = 0; b < bytes.Length; b++)
        {
            _lowShares[b & 15] += bytes[b];
            sums[((b >> 4) + b) & 15] += bytes[b];
        }

        for (var a = 0; a < 16; a++)
        {
            for (var b = 0; b < 16; b++)
            {
                _pairShares[(a + b) & 15] += sums[a] * _lowShares[b];
            }
        }
    }
}
