namespace TraceReplay.Pools.Tests.Twins;

/// <summary>Numbers out of one generated number, so that a list of numbers is a list of operations that can be
/// shrunk.</summary>
public struct Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    public long Below(long n) => (long)(Next() % (ulong)n);

    public int Of(params ReadOnlySpan<int> choices) => choices[(int)Below(choices.Length)];

    public long Of(params ReadOnlySpan<long> choices) => choices[(int)Below(choices.Length)];

    public ulong Of(params ReadOnlySpan<ulong> choices) => choices[(int)Below(choices.Length)];
}
