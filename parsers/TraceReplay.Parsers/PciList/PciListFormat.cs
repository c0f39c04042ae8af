using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.PciList;

/// <summary>Output of <c>lspci</c> in any verbosity, with or without numbers: device lines, and below them the driver, modules
/// and IOMMU group. The DMA mask is not among what lspci shows.</summary>
internal sealed partial class PciListFormat : IFormat
{
    private const int LongestLine = 1024;

    // For a machine that stands still: the patterns take a time proportional to the line.
    private const int MatchMs = 60_000;

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
        var head = HeadLines.WithoutPrompt(input.Head, "lspci"u8);
        var first = HeadLines.Next(ref head);
        var share = HeadLines.Share(HeadLines.WithoutPrompt(input.Head, "lspci"u8), 60, line => line[0] == (byte)'\t' || Device(line).Length > 0 || IsField(line));
        var isFirst = Device(first).Length > 0 || first.StartsWith("Slot:\t"u8);
        return share >= 90 && isFirst ? new ProbeResult(85, "lines of lspci") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        DeviceFact? device = null;
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            if (line.Length > LongestLine)
            {
                job.Comments++;
                continue;
            }

            if (Device(line) is { Length: > 0 } name)
            {
                Emit(job, device);
                job.Understood++;
                device = Described(new DeviceFact(name, job.At(lines.LineNumber)) { Bus = "pci" }, Encoding.UTF8.GetString(line[(line.IndexOf((byte)' ') + 1)..]));
            }
            else if (line.StartsWith("Slot:\t"u8))
            {
                Emit(job, device);
                job.Understood++;
                device = new DeviceFact(WithDomain(Encoding.UTF8.GetString(line[6..]).Trim()), job.At(lines.LineNumber)) { Bus = "pci" };
            }
            else
            {
                job.Comments++;
                device = device is null ? null : Detail(device, Encoding.UTF8.GetString(line).Trim());
            }
        }

        Emit(job, device);
        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
    }

    private static void Emit(SourceJob job, DeviceFact? device)
    {
        if (device is not null)
        {
            job.Fact(device);
        }
    }

    /// <summary><c>Fibre Channel [0c04]: Emulex ... [10df:f100] (rev 03)</c>, or <c>0c04: 10df:f100 (rev 03)</c> after <c>-n</c>.</summary>
    private static DeviceFact Described(DeviceFact device, string text)
    {
        var numbers = NumbersOnly().Match(text);
        if (numbers.Success)
        {
            return device with { ClassCode = numbers.Groups["class"].Value, Ids = numbers.Groups["ids"].Value };
        }

        var code = ClassOf().Match(text);
        var ids = IdsOf().Matches(text);
        return device with
        {
            ClassCode = code.Success ? code.Groups["class"].Value : null,
            Ids = ids.Count > 0 ? ids[^1].Groups["ids"].Value : null,
            Description = text.Length > 0 ? text : null,
        };
    }

    private static DeviceFact Detail(DeviceFact device, string text)
    {
        // "Driver:" and the others with one colon are of -vmm.
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var value = colon < 0 ? string.Empty : text[(colon + 1)..].Trim();
        return (colon < 0 ? string.Empty : text[..colon]) switch
        {
            "Kernel driver in use" or "Driver" when value.Length > 0 => device with { Driver = value },
            "IOMMU group" or "IOMMUGroup" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var group) => device with { IommuGroup = group },
            "Class" when device.Description is null => device with { Description = value },
            "Device" when device.Description is not null && !device.Description.Contains(": ", StringComparison.Ordinal) => device with { Description = device.Description + ": " + value },
            _ => device,
        };
    }

    private static bool IsField(ReadOnlySpan<byte> line) => line.IndexOf(":\t"u8) is > 2 and < 14;

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

        return WithDomain(Encoding.ASCII.GetString(line[..blank]));
    }

    private static string WithDomain(string name) => name.Count(c => c == ':') == 1 ? "0000:" + name : name;

    [GeneratedRegex(@"^(?:Class )?(?<class>[0-9a-f]{4}): (?<ids>[0-9a-f]{4}:[0-9a-f]{4})\b", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchMs)]
    private static partial Regex NumbersOnly();

    [GeneratedRegex(@"^[^\[]{1,64} \[(?<class>[0-9a-f]{4})\]:", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchMs)]
    private static partial Regex ClassOf();

    [GeneratedRegex(@"\[(?<ids>[0-9a-f]{4}:[0-9a-f]{4})\]", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, MatchMs)]
    private static partial Regex IdsOf();
}
