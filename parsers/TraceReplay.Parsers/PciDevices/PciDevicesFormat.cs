using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.PciDevices;

/// <summary>One PCI device per line with its driver and DMA mask:
/// <c>0000:00:03.0 0x8086:0x100e class=0x020000 driver=e1000 dma_mask_bits=32 consistent=32</c>.</summary>
internal sealed class PciDevicesFormat : LineFormat
{
    /// <inheritdoc/>
    public override string Name => "pci-devices";

    /// <inheritdoc/>
    public override string Description => "PCI devices with driver= and dma_mask_bits=";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input) =>
        HeadLines.Share(input.Head, 50, line => line.IndexOf(" dma_mask_bits="u8) > 0 && line.IndexOf(" driver="u8) > 0) >= 60
            ? new ProbeResult(95, "devices with dma_mask_bits=")
            : ProbeResult.No;

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        if (line.Length > 4096)
        {
            return false;
        }

        var words = Encoding.UTF8.GetString(line).Split(' ');
        var driver = Value(words, "driver=");
        var isMask = int.TryParse(Value(words, "dma_mask_bits="), NumberStyles.None, CultureInfo.InvariantCulture, out var bits);
        if (words[0].Length == 0 || (driver is null && !isMask))
        {
            return false;
        }

        job.Fact(new DeviceFact(words[0], job.At(number))
        {
            Driver = string.IsNullOrEmpty(driver) ? null : driver,
            DmaMaskBits = isMask && bits <= 64 ? bits : null,
            Bus = "pci",
            Ids = words.Length > 1 ? Ids(words) : null,
            ClassCode = Value(words, "class=") is { Length: >= 6 } code && code.StartsWith("0x", StringComparison.Ordinal) ? code[2..6] : null,
        });
        return true;
    }

    /// <summary><c>0x8086:0x100e</c>, or <c>0x1000 0x0060</c>.</summary>
    private static string? Ids(string[] words)
    {
        var parts = words[1].Contains(':', StringComparison.Ordinal) ? words[1].Split(':') : [.. words.Skip(1).Take(2)];
        return parts.Length == 2 && Array.TrueForAll(parts, p => p.Length == 6 && p.StartsWith("0x", StringComparison.Ordinal)) ? $"{parts[0][2..]}:{parts[1][2..]}" : null;
    }

    private static string? Value(string[] words, string key) =>
        Array.Find(words, word => word.StartsWith(key, StringComparison.Ordinal))?[key.Length..];
}
