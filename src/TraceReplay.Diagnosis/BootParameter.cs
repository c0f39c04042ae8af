using System.Globalization;
using TraceReplay.Pools;

namespace TraceReplay.Diagnosis;

/// <summary>The boot parameter that really gives a software IO TLB of a size (spec swiotlb.md, section 1).</summary>
public static class BootParameter
{
    private const long SegmentSlots = 128;

    /// <summary>What the kernel makes of <c>swiotlb=N</c>: the slots it really sets up.</summary>
    /// <param name="kernel">Kernel version.</param>
    /// <param name="slots">Slots wanted.</param>
    /// <returns>Slots that an ordinary command line gives, at least as many as wanted.</returns>
    public static long SlotsGiven(string kernel, long slots)
    {
        var rounded = (slots + SegmentSlots - 1) / SegmentSlots * SegmentSlots;
        if (Version(kernel) < new KernelVersion(6, 0))
        {
            return rounded;
        }

        // 6.0 and later round up to a power of two when the parameter is read, even with one area.
        var power = SegmentSlots;
        while (power < rounded)
        {
            power *= 2;
        }

        return power;
    }

    /// <summary>The parameter.</summary>
    /// <param name="kernel">Kernel version.</param>
    /// <param name="slots">Slots wanted.</param>
    /// <param name="forced">Bouncing is forced on this machine's command line.</param>
    /// <param name="pageShift">log2 of the page size.</param>
    /// <returns>The text for the kernel command line.</returns>
    public static string For(string kernel, long slots, bool forced, int pageShift)
    {
        var given = SlotsGiven(kernel, slots);

        // Before 2.6.14 the number counts pages, not slots.
        var number = Version(kernel) < new KernelVersion(2, 6, 14)
            ? (given + (1L << (pageShift - 11)) - 1) >> (pageShift - 11)
            : given;
        return string.Create(CultureInfo.InvariantCulture, $"swiotlb={number}{(forced ? ",force" : string.Empty)}");
    }

    private static KernelVersion Version(string kernel) =>
        KernelVersion.TryParse(kernel, out var version) ? version : new KernelVersion(6, 1);
}
