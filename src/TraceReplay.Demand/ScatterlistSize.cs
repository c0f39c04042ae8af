namespace TraceReplay.Demand;

/// <summary>sizeof(struct scatterlist) in 2.4.21, worked out from its members, not compiled (spec/demand-side.md 1.1).</summary>
public static class ScatterlistSize
{
    /// <summary>Architectures that are known.</summary>
    public static IReadOnlyList<string> Architectures { get; } = ["i386", "i686", "x86_64", "ppc64", "ppc64le", "ia64"];

    /// <summary>The size by architecture; bounds where the kernel's configuration decides (PAE, swiotlb) or none is
    /// named.</summary>
    /// <param name="arch">Architecture, null = not known.</param>
    /// <returns>Bytes.</returns>
    public static (int Least, int Most) Of(string? arch) => arch switch
    {
        "i386" or "i586" or "i686" => (20, 24),
        "x86_64" => (32, 40),
        "ppc64" or "ppc64le" => (32, 32),
        "ia64" => (40, 40),
        _ => (20, 40),
    };
}
