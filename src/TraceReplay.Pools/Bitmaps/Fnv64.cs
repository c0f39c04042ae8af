namespace TraceReplay.Pools.Bitmaps;

/// <summary>FNV-1a with 64 bits, as the state lines of the conformance vectors use it (vectors/README.md).</summary>
internal struct Fnv64
{
    private const ulong Basis = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;
    private const ulong PrimeToThe4 = unchecked(Prime * Prime * Prime * Prime);

    private ulong _hash;

    /// <summary>The hash of nothing.</summary>
    public static Fnv64 Empty => new() { _hash = Basis };

    /// <summary>The hash so far.</summary>
    public readonly ulong Value => _hash;

    /// <summary>Feeds a value below 256 as four little-endian bytes; the three zero bytes only multiply.</summary>
    public void AddSmallInt32(byte value) => _hash = unchecked((_hash ^ value) * PrimeToThe4);

    /// <summary>Feeds four little-endian bytes.</summary>
    public void AddInt32(int value)
    {
        for (var shift = 0; shift < 32; shift += 8)
        {
            _hash = unchecked((_hash ^ (byte)(value >> shift)) * Prime);
        }
    }

    /// <summary>Feeds eight little-endian bytes.</summary>
    public void AddInt64(ulong value)
    {
        var hash = _hash;
        for (var i = 0; i < 8; i++)
        {
            hash = unchecked((hash ^ (value & 0xff)) * Prime);
            value >>= 8;
        }

        _hash = hash;
    }
}
