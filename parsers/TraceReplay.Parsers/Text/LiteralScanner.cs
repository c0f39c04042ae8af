using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TraceReplay.Parsers.Text;

/// <summary>Finds the first of several literals in bytes, at a few bytes per cycle: each literal's first three bytes are
/// looked up by half-bytes in shuffled tables, eight groups of literals at once ("Teddy", the algorithm of Hyperscan and
/// ripgrep); only places that pass are compared.</summary>
internal sealed class LiteralScanner
{
    private const int Groups = 8;
    private const int Fingerprint = 3;

    private readonly byte[][] _literals;
    private readonly byte[][][] _groups;
    private readonly Vector128<byte>[] _low = new Vector128<byte>[Fingerprint];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[Fingerprint];

    /// <summary>Prepares for a set of literals.</summary>
    /// <param name="literals">Literals of at least three bytes.</param>
    public LiteralScanner(IEnumerable<byte[]> literals)
    {
        _literals = [.. literals];
        if (_literals.Length == 0 || _literals.Any(l => l.Length < Fingerprint))
        {
            throw new ArgumentException("a literal needs three bytes", nameof(literals));
        }

        // Neighbours in order share beginnings, and so a group's tables stay selective.
        var sorted = _literals.OrderBy(l => Convert.ToHexString(l), StringComparer.Ordinal).ToArray();
        var perGroup = (sorted.Length + Groups - 1) / Groups;
        _groups = [.. Enumerable.Range(0, Groups).Select(g => sorted.Skip(g * perGroup).Take(perGroup).ToArray())];
        for (var k = 0; k < Fingerprint; k++)
        {
            (_low[k], _high[k]) = Tables(k);
        }
    }

    /// <summary>The first place where any literal stands.</summary>
    /// <param name="text">The bytes.</param>
    /// <returns>Its index, -1 if there is none.</returns>
    public int IndexOf(ReadOnlySpan<byte> text)
    {
        var at = 0;
        ref var start = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(text);
        for (; at + Vector128<byte>.Count + Fingerprint - 1 <= text.Length; at += Vector128<byte>.Count)
        {
            var hits = Look(ref start, at, 0) & Look(ref start, at, 1) & Look(ref start, at, 2);
            if (hits != Vector128<byte>.Zero)
            {
                var found = Check(text, at, hits);
                if (found >= 0)
                {
                    return found;
                }
            }
        }

        for (; at + Fingerprint <= text.Length; at++)
        {
            foreach (var literal in _literals)
            {
                if (text[at..].StartsWith(literal))
                {
                    return at;
                }
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector128<byte> Look(ref byte start, int at, int k)
    {
        var bytes = Vector128.LoadUnsafe(ref start, (nuint)(at + k));
        var low = Vector128.ShuffleNative(_low[k], bytes & Vector128.Create((byte)15));
        return low & Vector128.ShuffleNative(_high[k], Vector128.ShiftRightLogical(bytes, 4));
    }

    private int Check(ReadOnlySpan<byte> text, int at, Vector128<byte> hits)
    {
        for (var i = 0; i < Vector128<byte>.Count; i++)
        {
            var groups = hits[i];
            while (groups != 0)
            {
                var group = System.Numerics.BitOperations.TrailingZeroCount(groups);
                groups &= (byte)(groups - 1);
                foreach (var literal in _groups[group])
                {
                    if (text[(at + i)..].StartsWith(literal))
                    {
                        return at + i;
                    }
                }
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
            foreach (var literal in _groups[group])
            {
                low[literal[k] & 15] |= (byte)(1 << group);
                high[literal[k] >> 4] |= (byte)(1 << group);
            }
        }

        return (Vector128.Create<byte>(low), Vector128.Create<byte>(high));
    }
}
