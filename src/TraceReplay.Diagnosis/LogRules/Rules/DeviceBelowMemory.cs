using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary>A line shows the mask of a device that bounces: a mask of 32 bits or less with memory above it is why it takes the pool at
/// all (spec swiotlb.md 4).</summary>
internal static class DeviceBelowMemory
{
    private const int MostNamed = 3;

    public static LogRule Rule { get; } = new("device-below-memory", "a device that cannot do more than 32 bits needs the pool", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        if (Refused(log) is { } refused)
        {
            yield return refused;
        }

        foreach (var narrow in log.IsSwiotlb && log.Lines.Count > 0 ? log.Of("dma-mask-32").Take(MostNamed) : [])
        {
            yield return Conclusion.Note(
                $"{(narrow.Device.Length > 0 ? Wording.Device(narrow.Device, narrow.Driver) : "A device")} is left at 32 bits by its driver (\"{narrow.Text}\"): each of its buffers above 4 GiB bounces. If the hardware can do more, those bounces are needless and the pool need not grow for them.") with
            {
                Grounds = [narrow],
            };
        }

        var told = log.Of("swiotlb-overflow").FirstOrDefault(m => log.IsSwiotlb && Mask(m) is > 0 and <= uint.MaxValue);
        if (told is not null)
        {
            yield return Conclusion.Note(string.Create(CultureInfo.InvariantCulture,
                $"{Wording.Device(told.Device, told.Driver)} has a DMA mask of 0x{Mask(told):x}, so everything above it bounces: if the device can do 64 bits and only its driver, bridge or firmware leaves it at {64 - System.Numerics.BitOperations.LeadingZeroCount(Mask(told))}, those bounces are needless.")) with
            {
                Grounds = [told],
            };
        }
    }

    /// <summary>Drivers that could not set the mask they wanted say so.</summary>
    private static Conclusion? Refused(LogCase log) =>
        log.IsSwiotlb && log.Lines.Count > 0 && log.Of("dma-mask-refused").FirstOrDefault(m => m.Device.Length > 0) is { } refused
            ? Conclusion.Note($"{Wording.Device(refused.Device, refused.Driver)} could not set the DMA mask that its driver wanted, so more of its mappings bounce than its hardware needs.") with { Grounds = [refused] }
            : null;

    private static ulong Mask(LogMessageFact message) =>
        ulong.TryParse(message.Fields.GetValueOrDefault("mask"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mask) ? mask : 0;
}
