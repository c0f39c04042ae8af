using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.BlockQueues;

/// <summary>One disk per line with its sysfs path and queue limits:
/// <c>sda dev=/sys/devices/pci0000:00/0000:00:02.0/virtio1/host0/target0:0:0/0:0:0:1 max_sectors_kb=1280 ...</c>.</summary>
internal sealed class BlockQueuesFormat : LineFormat
{
    /// <inheritdoc/>
    public override string Name => "block-queues";

    /// <inheritdoc/>
    public override string Description => "disks with dev=/sys/devices/... and queue limits";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input) =>
        HeadLines.Share(input.Head, 50, line => line.IndexOf(" dev=/sys/devices/"u8) > 0) >= 60
            ? new ProbeResult(95, "disks with dev=/sys/devices/")
            : ProbeResult.No;

    /// <summary>The PCI device a sysfs path leads through last: the one that does the DMA.</summary>
    /// <param name="parts">Parts of the path.</param>
    /// <returns>Its name, empty if there is none.</returns>
    internal static string PciOf(string[] parts) => Array.FindLast(parts, IsPciName) ?? string.Empty;

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        if (line.Length > 4096)
        {
            return false;
        }

        var words = Encoding.UTF8.GetString(line).Split(' ');
        var path = Array.Find(words, word => word.StartsWith("dev=", StringComparison.Ordinal));
        if (path is null || words[0].Length == 0)
        {
            return false;
        }

        var parts = path["dev=".Length..].Split('/', StringSplitOptions.RemoveEmptyEntries);
        var device = PciOf(parts);
        var consumer = parts.Length > 0 && IsScsiAddress(parts[^1]) ? parts[^1] : words[0];
        job.Fact(new ConsumerFact(consumer, consumer == words[0] ? string.Empty : words[0], device, job.At(number)));
        return true;
    }

    private static bool IsScsiAddress(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 4 && Array.TrueForAll(parts, part => part.Length > 0 && part.All(char.IsAsciiDigit));
    }

    private static bool IsPciName(string text)
    {
        var parts = text.Split(':', '.');
        return text.Contains('.', StringComparison.Ordinal) && parts.Length == 4 && parts[0].Length is >= 4 and <= 8 && parts[1].Length == 2
            && parts[2].Length == 2 && parts[3].Length == 1 && Array.TrueForAll(parts, part => part.All(char.IsAsciiHexDigit));
    }
}
