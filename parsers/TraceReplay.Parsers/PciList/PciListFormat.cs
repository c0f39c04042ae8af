using System.Buffers;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.PciList;

/// <summary>Output of <c>lspci -k</c> in any verbosity: device lines, and <c>Kernel driver in use</c> behind them.</summary>
internal sealed class PciListFormat : IFormat
{
    private const string DriverLine = "Kernel driver in use: ";

    private static readonly SearchValues<byte> NameBytes = SearchValues.Create("0123456789abcdef:."u8);

    /// <inheritdoc/>
    public string Name => "lspci";

    /// <inheritdoc/>
    public string Description => "output of lspci, with -k or -v for drivers";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var share = HeadLines.Share(input.Head, 60, line => line[0] == (byte)'\t' || Device(line).Length > 0);
        return share >= 90 && Device(input.FirstLine).Length > 0 ? new ProbeResult(85, "lines of lspci") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var device = string.Empty;
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            if (Device(line) is { Length: > 0 } name)
            {
                job.Understood++;
                device = name;
                job.Fact(new DeviceFact(device, job.At(lines.LineNumber)) { Bus = "pci" });
                continue;
            }

            job.Comments++;
            var text = line.Length > 200 ? string.Empty : Encoding.UTF8.GetString(line).Trim();
            if (device.Length > 0 && text.StartsWith(DriverLine, StringComparison.Ordinal))
            {
                job.Fact(new DeviceFact(device, job.At(lines.LineNumber)) { Driver = text[DriverLine.Length..], Bus = "pci" });
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
    }

    /// <summary>The kernel's name of the device a line describes; lspci leaves out domain 0000.</summary>
    private static string Device(ReadOnlySpan<byte> line)
    {
        const int Longest = 16;
        var blank = line.IndexOf((byte)' ');
        if (blank is < 7 or > Longest || line[blank - 2] != (byte)'.' || !line[..blank].Contains((byte)':')
            || line[..blank].IndexOfAnyExcept(NameBytes) >= 0)
        {
            return string.Empty;
        }

        var name = Encoding.ASCII.GetString(line[..blank]);
        return name.Count(c => c == ':') == 1 ? "0000:" + name : name;
    }
}
