namespace TraceReplay.Parsers.Tests.Mutations;

/// <summary>Random numbers that are the same on every machine and with every runtime (SplitMix64), at no cost to begin.</summary>
/// <param name="seed">Where they begin.</param>
internal struct MutationRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to below a bound, 0 for a bound of 0.</summary>
    /// <param name="bound">The bound.</param>
    public int Next(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);
}
