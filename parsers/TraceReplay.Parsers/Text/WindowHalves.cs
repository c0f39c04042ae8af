using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Text;

/// <summary>The half-bytes that a set of windows has at each place: 16 bits for each. The low half of every byte, and for every
/// two neighbours four bits mixed from both. (The high half of a letter tells little: it is one of two.)</summary>
/// <param name="Low">Low halves, 16 bits for each place.</param>
/// <param name="Pair">Mixed halves, 16 bits for each pair.</param>
internal readonly record struct WindowHalves(ulong Low, ulong Pair)
{
    /// <summary>Neighbours in a window.</summary>
    public const int Pairs = LiteralScanner.Width - 1;

    /// <summary>Those of one window.</summary>
    /// <param name="window">Four bytes in the machine's own byte order.</param>
    /// <returns>One half-byte for each place.</returns>
    public static WindowHalves Of(uint window)
    {
        Span<byte> bytes = stackalloc byte[LiteralScanner.Width];
        MemoryMarshal.Write(bytes, window);
        var (low, pair) = (0UL, 0UL);
        for (var k = 0; k < bytes.Length; k++)
        {
            low |= 1UL << ((16 * k) + (bytes[k] & 15));
            pair |= k < Pairs ? 1UL << ((16 * k) + Mixed(bytes[k], bytes[k + 1])) : 0;
        }

        return new WindowHalves(low, pair);
    }

    /// <summary>Four bits of two neighbours; few instructions for a vector of them.</summary>
    /// <param name="first">A byte.</param>
    /// <param name="second">The one behind it.</param>
    /// <returns>0 to 15.</returns>
    public static int Mixed(byte first, byte second) => ((first >> 4) + first + second) & 15;

    /// <summary>Those of two sets together.</summary>
    /// <param name="other">The other set.</param>
    /// <returns>The union.</returns>
    public WindowHalves With(WindowHalves other) => new(Low | other.Low, Pair | other.Pair);
}
