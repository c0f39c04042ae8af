using System.Globalization;

namespace TraceReplay.Parsers.Sysfs;

/// <summary>Peripheral device types (SPC-4 table 138) in the words of lsscsi, and identifiers in the form of scsi_id.</summary>
internal static class ScsiType
{
    private static readonly string[] Names =
    [
        "disk", "tape", "printer", "process", "worm", "cd/dvd", "scanner", "optical", "mediumx", "comms", "(0xa)", "(0xb)", "storage",
        "enclosu", "sim dsk", "opti rd", "bridge", "osd", "adi", "sec man", "zbc",
    ];

    // /proc/scsi/scsi spells them out (drivers/scsi/scsi_devices.c, scsi_device_types).
    private static readonly string[] LongNames =
    [
        "Direct-Access", "Sequential-Access", "Printer", "Processor", "WORM", "CD-ROM", "Scanner", "Optical Device", "Medium Changer",
        "Communications", "ASC IT8", "ASC IT8", "RAID", "Enclosure", "Direct-Access-RBC", "Optical card", "Bridge controller",
        "Object storage", "Automation/Drive", "Security Manager", "Direct-Access-ZBC",
    ];

    /// <summary>Name of a type.</summary>
    /// <param name="number">Decimal or <c>0x</c> number.</param>
    /// <returns>Its name; the number itself if it has none here.</returns>
    public static string Name(string number) =>
        HostAttribute.Number(number) is { } type ? type == 0x1e ? "wlun" : type < Names.Length ? Names[type] : number : number;

    /// <summary>Name of a type that is spelled out.</summary>
    /// <param name="text">As <c>/proc/scsi/scsi</c> has it: <c>Direct-Access</c>.</param>
    /// <returns>The word of lsscsi; the text itself if it is another.</returns>
    public static string FromLong(string text)
    {
        var index = Array.FindIndex(LongNames, name => text.StartsWith(name, StringComparison.OrdinalIgnoreCase));
        return index == 0 && text.StartsWith("Direct-Access-", StringComparison.Ordinal)
            ? Names[text.EndsWith("ZBC", StringComparison.Ordinal) ? 20 : 14]
            : index >= 0 ? Names[index] : text;
    }

    /// <summary>An identifier in the form that scsi_id and multipath print: a NAA identifier begins with 3, an EUI-64 one with 2.</summary>
    /// <param name="text"><c>naa.6005…</c>, <c>0x6005…</c>, <c>eui.…</c>, <c>36005…</c>.</param>
    /// <returns>The identifier; the text itself if it is of another kind.</returns>
    public static string Wwid(string text) => text switch
    {
        _ when text.StartsWith("naa.", StringComparison.Ordinal) => "3" + text[4..].ToLower(CultureInfo.InvariantCulture),
        _ when text.StartsWith("0x", StringComparison.Ordinal) => "3" + text[2..].ToLower(CultureInfo.InvariantCulture),
        _ when text.StartsWith("eui.", StringComparison.Ordinal) => "2" + text[4..].ToLower(CultureInfo.InvariantCulture),
        _ => text,
    };
}
