using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Useless;

/// <summary>Files that often lie beside a capture and say nothing of the pool: recognised, so that they are not taken for
/// something else or reported as unknown.</summary>
internal sealed class UselessFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "useless";

    /// <inheritdoc/>
    public string Description => "files of no use here: ioports, event formats, device trees, listings";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Ignored;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var head = input.Head;
        var line = input.FirstLine;
        var reason = line switch
        {
            _ when IsIoports(line) => "/proc/ioports",
            _ when line.StartsWith("-[0000:00]-+-"u8) || line.StartsWith("-+-["u8) => "tree of PCI devices (lspci -t)",
            _ when line.StartsWith("/sys/firmware/devicetree/"u8) => "device tree dump",
            _ when line.StartsWith("name: "u8) && head.IndexOf("\nID: "u8) > 0 && head.IndexOf("\nprint fmt: "u8) > 0 => "event format description",
            _ when line.StartsWith("total "u8) && head.IndexOf(" -> ../"u8) > 0 => "listing of a folder",
            _ when line.IndexOf("/swiotlb/*="u8) > 0 => "there was no swiotlb in debugfs",
            _ when line.StartsWith("uptime_s,error_count,"u8) => "samples of dma-debug counters",
            _ => null,
        };
        return reason is null ? ProbeResult.No : new ProbeResult(80, reason);
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        // Never read: only named in a diagnostic.
    }

    private static bool IsIoports(ReadOnlySpan<byte> line)
    {
        var at = 0;
        return Ascii.Hex(line, ref at, out _) && at is 4 && line[at..].StartsWith("-"u8) && line.IndexOf(" : "u8) > at;
    }
}
