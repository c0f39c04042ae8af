using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers.KernelIdentity;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Turns recognised messages into facts.</summary>
internal sealed class MessageFacts(SourceJob job)
{
    private const int SlotBytes = 2048;
    private const int MostMarkers = 65536;

    // How many lines apart two messages about one failed request may stand.
    private const int SameRequestLines = 4;

    private readonly HashSet<string> _devices = new(StringComparer.Ordinal);
    private string _failedDevice = string.Empty;
    private long? _failedBytes;
    private PoolKind _failedPool;
    private string _failedFamily = string.Empty;
    private long _failedLine = long.MinValue;

    /// <summary>Hands over the facts of one message.</summary>
    /// <param name="match">What it was recognised as.</param>
    /// <param name="timeNs">Time of the line.</param>
    /// <param name="message">The message.</param>
    /// <param name="values">Where the template's parts stand in it.</param>
    /// <param name="number">Line number.</param>
    public void Emit(in MessageMatch match, long timeNs, ReadOnlySpan<byte> message, ReadOnlySpan<Range> values, long number)
    {
        var family = match.Family!;
        var fields = Fields(match.Template!, message, values);
        var source = job.At(number);
        switch (family.Use)
        {
            case MessageUse.Machine:
                Machine(family, fields, source);
                return;
            case MessageUse.Marker:
                Marker(message, timeNs);
                return;
            case MessageUse.Geometry:
                job.Fact(Geometry(family, fields, source));
                break;
            default:
                break;
        }

        var start = values[0].Start.Value;
        Repeated(message[..start], fields);
        var (driver, device) = MessagePrefix.Parse(message[..start]);
        device = fields.GetValueOrDefault("device") is { Length: > 0 } named ? named.TrimEnd('.', ',') : device;
        Device(driver, device, source);
        job.Fact(Message(family, match.Template!, fields, timeNs, System.Text.Encoding.UTF8.GetString(message), source, driver, device));
    }

    private LogMessageFact Message(
        MessageFamily family, MessageTemplate template, Dictionary<string, string> fields, long timeNs, string text, SourceRef source, string driver, string device)
    {
        var pagesType = template.Parts.FirstOrDefault(p => p.Name == "pages")?.Type ?? FieldType.Decimal;
        var isHexPages = pagesType == FieldType.Hex || (pagesType == FieldType.Pages && device.Length == 0);
        var bytes = Number(fields, "bytes", template);
        return new LogMessageFact(family.Name, family.Pool, family.IsFailure && !SameRequest(family, device, bytes, source.Line), timeNs, text, source)
        {
            Device = device,
            Driver = driver,
            Bytes = bytes,
            Pages = fields.TryGetValue("pages", out var pages) ? Parse(pages, isHexPages ? FieldType.Hex : FieldType.Decimal) : null,
            TotalUnits = Number(fields, "total", template),
            UsedUnits = Number(fields, "used", template),
            Suppressed = Number(fields, "suppressed", template),
            Function = fields.GetValueOrDefault("function", string.Empty),
            Fields = fields,
        };
    }

    /// <summary>A second message about the same refused request is not a second failure: "Out of SW-IOMMU space" behind
    /// "buffer is full", a driver's own line behind its pool's.</summary>
    private bool SameRequest(MessageFamily family, string device, long? bytes, long line)
    {
        var isNear = line - _failedLine is > 0 and <= SameRequestLines;
        var follows = family.Name is "sw-iommu-out" or "swiotlb-coherent" or "swiotlb-overflow" or "driver-alloc-failed-cma" || family.Pool == PoolKind.Driver;
        var isSame = (_failedDevice == device || _failedDevice.Length == 0 || device.Length == 0)
            && (bytes is null || _failedBytes is null || bytes == _failedBytes || family.Name.StartsWith("driver", StringComparison.Ordinal));

        // Two lines of one family are two requests; only another family's line can be an echo.
        var isOther = family.Name != _failedFamily && (family.Pool != PoolKind.Driver || _failedPool != PoolKind.Driver);
        if (isNear && follows && isSame && isOther)
        {
            return true;
        }

        if (family.IsFailure)
        {
            (_failedDevice, _failedBytes, _failedLine, _failedPool) = (device, bytes, line, family.Pool);
            _failedFamily = family.Name;
        }

        return false;
    }

    /// <summary><c>message repeated 5 times: [ ...]</c> of rsyslog: one line for several.</summary>
    private static void Repeated(ReadOnlySpan<byte> prefix, Dictionary<string, string> fields)
    {
        const string Words = "message repeated ";
        var at = prefix.IndexOf("message repeated "u8);
        if (at >= 0)
        {
            at += Words.Length;
            if (Parsers.Text.Ascii.Decimal(prefix, ref at, out var times))
            {
                fields["repeated"] = times.ToString(CultureInfo.InvariantCulture);
            }
        }
    }

    private void Machine(MessageFamily family, Dictionary<string, string> fields, SourceRef source)
    {
        switch (family.Name)
        {
            case "kernel-banner":
                if (KernelVersion.Parse("Linux version " + fields.GetValueOrDefault("banner"), source) is { } machine)
                {
                    job.Incident.Kernel ??= KernelVersion.Number(machine.KernelVersion);
                    job.Fact(machine);
                }

                break;
            case "kernel-command-line":
                job.Fact(new MachineFact(source) { CommandLine = fields.GetValueOrDefault("cmdline", string.Empty).Trim() });
                break;
            case "cpu-count":
                job.Fact(new MachineFact(source) { Cpus = (int?)Parse(fields.GetValueOrDefault("cpus", string.Empty), FieldType.Decimal) });
                break;
            default:
                if (fields.GetValueOrDefault("model") is { Length: > 0 } model)
                {
                    job.Fact(new MachineFact(source) { Model = model.Trim() });
                }

                break;
        }
    }

    private void Marker(ReadOnlySpan<byte> message, long timeNs)
    {
        if (timeNs != TraceEvent.NoTime && job.Incident.LogMarkers.Count < MostMarkers)
        {
            var start = Math.Max(message.IndexOf("SCN: "u8), message.IndexOf("swiotlb_sample "u8));
            job.Incident.LogMarkers.TryAdd(System.Text.Encoding.UTF8.GetString(message[start..]), timeNs);
        }
    }

    private static PoolGeometryFact Geometry(MessageFamily family, Dictionary<string, string> fields, SourceRef source)
    {
        var start = Hexadecimal(fields, "base");
        var end = Hexadecimal(fields, "end") ?? (Hexadecimal(fields, "last") is { } last ? last + 1 : null);
        long? units = Parse(fields.GetValueOrDefault("units", string.Empty), FieldType.Decimal);
        var bytes = (Parse(fields.GetValueOrDefault("mib", string.Empty), FieldType.Decimal) << 20)
            ?? (Parse(fields.GetValueOrDefault("kib", string.Empty), FieldType.Decimal) << 10);
        const int PageBytes = 4096;
        long? unitBytes = family.Pool switch
        {
            PoolKind.Swiotlb => SlotBytes,
            PoolKind.Gart or PoolKind.Cma or PoolKind.Coherent => PageBytes,
            _ => null,
        };
        if (start is { } from && end is { } to && to > from && to - from <= long.MaxValue)
        {
            bytes = (long)(to - from);
        }

        return new PoolGeometryFact(family.Pool, source, GeometryOrigin.Log)
        {
            Base = start,
            End = end,
            Units = units ?? (unitBytes is { } size && bytes is > 0 ? bytes / size : null),
            UnitBytes = unitBytes,
            Areas = (int?)Parse(fields.GetValueOrDefault("areas", string.Empty), FieldType.Decimal),
        };
    }

    private void Device(string driver, string device, SourceRef source)
    {
        const int Most = 4096;
        if (driver.Length > 0 && device.Length > 0 && _devices.Count < Most && _devices.Add(driver + ' ' + device))
        {
            // Before a driver is bound, the kernel prints the bus in its place.
            var isBus = driver is "pci" or "usb" or "platform" or "scsi" or "acpi" or "pnp" or "virtio" or "i2c" or "spi";
            job.Fact(isBus ? new DeviceFact(device, source) { Bus = driver } : new DeviceFact(device, source) { Driver = driver });
        }
    }

    private static Dictionary<string, string> Fields(MessageTemplate template, ReadOnlySpan<byte> message, ReadOnlySpan<Range> values)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < template.Parts.Count; i++)
        {
            if (template.Parts[i].Literal is null)
            {
                fields[template.Parts[i].Name] = System.Text.Encoding.UTF8.GetString(message[values[i]]);
            }
        }

        return fields;
    }

    private static long? Number(Dictionary<string, string> fields, string name, MessageTemplate template) =>
        fields.TryGetValue(name, out var text)
            ? Parse(text, template.Parts.First(p => p.Name == name && p.Literal is null).Type)
            : null;

    private static ulong? Hexadecimal(Dictionary<string, string> fields, string name)
    {
        if (!fields.TryGetValue(name, out var text))
        {
            return null;
        }

        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        return ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
    }

    private static long? Parse(string text, FieldType type)
    {
        var isHex = type == FieldType.Hex || text.StartsWith("0x", StringComparison.Ordinal);
        var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text[2..] : text;
        var style = isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.AllowLeadingSign;
        return long.TryParse(digits, style, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
