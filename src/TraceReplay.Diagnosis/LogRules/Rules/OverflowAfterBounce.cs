using System.Globalization;
using TraceReplay.Core;

namespace TraceReplay.Diagnosis.LogRules.Rules;

/// <summary><c>overflow … of DMA mask … bus mask …</c>: from 5.2 to 5.9 a bounce refused for any reason ends in these words
/// (report_addr; spec swiotlb.md 3), so alone they prove no fault of the mask. They tell why the buffer was bounced at all: its
/// address is that of the buffer, which a device reaches up to the lesser of the two masks (0 = no bus mask; dma_capable).</summary>
internal static class OverflowAfterBounce
{
    public static LogRule Rule { get; } = new("overflow-after-bounce", "none: it decides nothing", Apply);

    private static IEnumerable<Conclusion> Apply(LogCase log)
    {
        var lines = log.Of("swiotlb-overflow").Where(m => log.IsSwiotlb && m.Text.Contains(" of DMA mask ", StringComparison.Ordinal)).ToList();
        if (lines.Count > 0)
        {
            yield return Conclusion.Note(
                "\"overflow … of DMA mask … bus mask …\" is what kernels 5.2 to 5.9 print after any refused bounce, also where the pool was full or the request too large: it does not prove a wrong mask." + Reach(lines)) with
            {
                Grounds = lines,
            };
        }
    }

    private static string Reach(IReadOnlyList<LogMessageFact> lines)
    {
        foreach (var line in lines)
        {
            if (Number(line, "mask") is not { } mask || Number(line, "limit") is not { } bus || Number(line, "addr") is not { } address || line.Bytes is not > 0)
            {
                continue;
            }

            var reach = bus == 0 ? mask : Math.Min(mask, bus);
            var which = reach == mask ? "DMA mask" : "bus mask";
            var isBeyond = address > reach || (ulong)line.Bytes.Value - 1 > reach - address;
            return isBeyond
                ? string.Create(CultureInfo.InvariantCulture,
                    $" It tells why the buffer was bounced: it lay at 0x{address:x}, beyond what {(line.Device.Length > 0 ? line.Device : "the device")} reaches ({which} {reach:x}).")
                : " Both masks reach the buffer, so the bounce was forced: swiotlb=force, memory encryption or a device that is not trusted.";
        }

        return string.Empty;
    }

    private static ulong? Number(LogMessageFact line, string field)
    {
        var text = line.Fields.GetValueOrDefault(field, string.Empty);
        return ulong.TryParse(text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? number : null;
    }
}
