namespace TraceReplay.Pools.Tests.Twins;

/// <summary>What every swiotlb answer must keep to, whatever the search.</summary>
public static class SwiotlbTruths
{
    /// <summary>Address of slot 0: on a slot and on a page, not on anything larger.</summary>
    public const ulong Base = 0x7ffe9000;

    private const string BeforeBoundary = "G0 G1a G1b";
    private const string BeforeMinAlign = BeforeBoundary + " G1c G1d G1e";

    // These take bits of the caller's mask out of the device's, or test the device's against the caller's.
    private const string LoseMinAlign = "G4s G6a";

    public static void Check(string generation, MapRequest request, MapResult result)
    {
        if (generation != "G0")
        {
            Assert.True((result.FirstUnit & 127) + result.Units <= 128, "crosses a segment");
        }

        CheckBoundary(generation, request, result);
        CheckAlignment(generation, request, result);
    }

    private static void CheckBoundary(string generation, MapRequest request, MapResult result)
    {
        if (IsIn(generation, BeforeBoundary) || request.SegmentBoundary == ulong.MaxValue)
        {
            return;
        }

        var first = Base + ((ulong)result.FirstUnit * 2048);
        var last = first + ((ulong)result.Units * 2048) - 1;
        Assert.Equal(first & ~request.SegmentBoundary, last & ~request.SegmentBoundary);
    }

    private static void CheckAlignment(string generation, MapRequest request, MapResult result)
    {
        var widest = Math.Max(request.MinAlignMask, request.AlignMask);
        if (IsIn(generation, BeforeMinAlign) || request.PhysAddr == 0 || widest > request.SegmentBoundary)
        {
            return;
        }

        var address = Base + (ulong)result.Offset;
        var mask = IsIn(generation, LoseMinAlign) ? request.MinAlignMask & ~(request.AlignMask & ~2047UL) : request.MinAlignMask;
        Assert.Equal(request.PhysAddr & mask, address & mask);
        if (generation == "G6b")
        {
            Assert.Equal(0UL, (Base + ((ulong)result.FirstUnit * 2048)) & request.AlignMask);
        }
    }

    private static bool IsIn(string generation, string generations) => generations.Split(' ').Contains(generation);
}
