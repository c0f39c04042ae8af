using System.Numerics;
using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Text;

/// <summary>Parts windows into a few groups, so that few places of a text look by half-bytes like a window of any of them.</summary>
internal static class WindowGroups
{
    private const int Width = LiteralScanner.Width;

    /// <summary>Starts with a group for each window, and joins those two that lose least by it until few are left.</summary>
    /// <param name="windows">The windows, in the machine's own byte order.</param>
    /// <param name="most">Most groups.</param>
    /// <param name="shares">Share of each of the 256 bytes in the text.</param>
    /// <returns>The half-bytes of each group.</returns>
    public static IReadOnlyList<HalfBytes> Choose(IEnumerable<uint> windows, int most, ReadOnlySpan<double> shares)
    {
        List<HalfBytes> groups = [.. windows.Select(HalfBytes.Of)];
        var chances = new List<double>();
        foreach (var group in groups)
        {
            chances.Add(group.Chance(shares));
        }

        var losses = new double[groups.Count, groups.Count];
        for (var b = 1; b < groups.Count; b++)
        {
            Losses(groups, chances, b, losses, shares);
        }

        while (groups.Count > most)
        {
            var (a, b) = Least(losses, groups.Count);
            groups[a] = groups[a].With(groups[b]);
            chances[a] = groups[a].Chance(shares);

            // The last group takes the place of the one that is gone.
            groups[b] = groups[^1];
            chances[b] = chances[^1];
            groups.RemoveAt(groups.Count - 1);
            chances.RemoveAt(chances.Count - 1);
            Losses(groups, chances, a, losses, shares);
            if (b < groups.Count)
            {
                Losses(groups, chances, b, losses, shares);
            }
        }

        return groups;
    }

    private static void Losses(List<HalfBytes> groups, List<double> chances, int of, double[,] losses, ReadOnlySpan<double> shares)
    {
        for (var other = 0; other < groups.Count; other++)
        {
            if (other != of)
            {
                losses[Math.Min(of, other), Math.Max(of, other)] = groups[of].With(groups[other]).Chance(shares) - chances[of] - chances[other];
            }
        }
    }

    private static (int A, int B) Least(double[,] losses, int count)
    {
        var (best, least) = ((0, 1), double.MaxValue);
        for (var a = 0; a < count; a++)
        {
            for (var b = a + 1; b < count; b++)
            {
                if (losses[a, b] < least)
                {
                    (best, least) = ((a, b), losses[a, b]);
                }
            }
        }

        return best;
    }

    /// <summary>The half-bytes that may stand at each place of a window: 16 bits for the low and 16 for the high ones.</summary>
    /// <param name="Low">Low halves, 16 bits for each place.</param>
    /// <param name="High">High halves, 16 bits for each place.</param>
    internal readonly record struct HalfBytes(ulong Low, ulong High)
    {
        /// <summary>Those of one window.</summary>
        public static HalfBytes Of(uint window)
        {
            var (low, high) = (0UL, 0UL);
            Span<byte> bytes = stackalloc byte[Width];
            MemoryMarshal.Write(bytes, window);
            for (var k = 0; k < Width; k++)
            {
                low |= 1UL << ((16 * k) + (bytes[k] & 15));
                high |= 1UL << ((16 * k) + (bytes[k] >> 4));
            }

            return new HalfBytes(low, high);
        }

        /// <summary>Those of two groups together.</summary>
        public HalfBytes With(HalfBytes other) => new(Low | other.Low, High | other.High);

        /// <summary>Whether a half-byte may stand at a place.</summary>
        public bool HasLow(int k, int half) => ((Low >> ((16 * k) + half)) & 1) != 0;

        /// <summary>Whether a half-byte may stand at a place.</summary>
        public bool HasHigh(int k, int half) => ((High >> ((16 * k) + half)) & 1) != 0;

        /// <summary>How likely a place in the text passes, if its bytes were independent.</summary>
        public double Chance(ReadOnlySpan<double> shares)
        {
            var product = 1.0;
            for (var k = 0; k < Width; k++)
            {
                var sum = 0.0;
                for (var high = (uint)(High >> (16 * k)) & 0xffff; high != 0; high &= high - 1)
                {
                    var row = shares.Slice(BitOperations.TrailingZeroCount(high) * 16, 16);
                    for (var low = (uint)(Low >> (16 * k)) & 0xffff; low != 0; low &= low - 1)
                    {
                        sum += row[BitOperations.TrailingZeroCount(low)];
                    }
                }

                product *= sum;
            }

            return product;
        }
    }
}
