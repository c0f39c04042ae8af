using System.Buffers;
using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers.Sysfs;

namespace TraceReplay.Parsers.ScsiDevices;

/// <summary>One device line of lsscsi, in any of its forms: columns as the tool pads them (type 8, vendor 8, model 16,
/// revision 4, one blank between), or only words where blanks were lost on the way.</summary>
internal static class LsscsiLine
{
    private const int VendorAt = 8;
    private const int ModelAt = 17;
    private const int RevAt = 34;
    private const int NodeAt = 40;

    private static readonly SearchValues<char> DecimalDigits = SearchValues.Create("0123456789.");
    private static readonly SearchValues<char> NumberChars = SearchValues.Create("0123456789,-");
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    private static readonly string[] Transports =
        ["sata:", "ata:", "sas:", "fc:", "fcoe:", "spi:", "usb:", "iqn.", "sbp:", "srp:", "pcie", "rdma", "tcp", "naa.", "eui.", "uuid.", "t10.", "none"];

    /// <summary>Reads what stands in the brackets.</summary>
    /// <param name="text"><c>3:0:0:1</c>, with a hexadecimal LUN after <c>-x</c>.</param>
    /// <param name="address">The address.</param>
    /// <returns>False if it is no SCSI address.</returns>
    public static bool TryAddress(string text, out ScsiAddress address)
    {
        var colon = text.LastIndexOf(':');
        if (colon > 0 && text.AsSpan(colon + 1).StartsWith("0x"))
        {
            address = default;
            return HexLun(text[(colon + 3)..], out var lun)
                && ScsiAddress.TryParse(text[..(colon + 1)] + lun.ToString(CultureInfo.InvariantCulture), out address);
        }

        return ScsiAddress.TryParse(text, out address);
    }

    /// <summary>Reads the columns behind the address.</summary>
    /// <param name="fact">The path, with its address and place.</param>
    /// <param name="rest">What stands behind the bracket.</param>
    /// <param name="unknown">A word that stands for nothing known, empty if there is none.</param>
    /// <returns>The path with what the columns say.</returns>
    public static LunPathFact Columns(LunPathFact fact, string rest, out string unknown)
    {
        var line = rest.TrimStart(' ');
        if (line.StartsWith("/dev/", StringComparison.Ordinal) || line.StartsWith("- ", StringComparison.Ordinal) || line == "-")
        {
            return Nodes(fact, line, out unknown);
        }

        var end = line.IndexOf(' ', StringComparison.Ordinal);
        var type = end < 0 ? line : line[..end];
        fact = fact with { Type = type.StartsWith("0x", StringComparison.Ordinal) ? ScsiType.Name(type) : type };
        if (end < 0)
        {
            unknown = string.Empty;
            return fact;
        }

        var second = line[end..].TrimStart(' ');
        if (Array.Exists(Transports, t => second.StartsWith(t, StringComparison.Ordinal)) || IsIdentifier(second.Split(' ', 2)[0]))
        {
            var blank = second.IndexOf(' ', StringComparison.Ordinal);
            var id = blank < 0 ? second : second[..blank];
            fact = id.StartsWith("naa.", StringComparison.Ordinal) || id.StartsWith("eui.", StringComparison.Ordinal) ? fact with { Wwid = ScsiType.Wwid(id) } : fact;
            return Nodes(fact, blank < 0 ? string.Empty : second[blank..], out unknown);
        }

        return IsPadded(line) ? Padded(fact, line, out unknown) : Words(fact, second, out unknown);
    }

    /// <summary>Reads the size that <c>-s</c> prints.</summary>
    /// <param name="word"><c>67.1MB</c>, <c>21.0TiB</c>.</param>
    /// <returns>Bytes, null if it is no size.</returns>
    public static long? Size(string word)
    {
        var end = word.AsSpan().IndexOfAnyExcept(DecimalDigits);
        if (end <= 0 || !decimal.TryParse(word.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        decimal? scale = word[end..] switch
        {
            "B" => 1,
            "kB" or "KB" => 1e3m,
            "MB" => 1e6m,
            "GB" => 1e9m,
            "TB" => 1e12m,
            "PB" => 1e15m,
            "KiB" => 1024,
            "MiB" => 1 << 20,
            "GiB" => 1 << 30,
            "TiB" => 1L << 40,
            "PiB" => 1L << 50,
            _ => null,
        };
        return scale is { } unit && number <= long.MaxValue / unit ? (long)(number * unit) : null;
    }

    /// <summary>The columns stand where the tool puts them: single blanks between them, two before the node.</summary>
    private static bool IsPadded(string line) =>
        line.Length > NodeAt && line[VendorAt - 1] == ' ' && line[ModelAt - 1] == ' ' && line[RevAt - 1] == ' ' && line[NodeAt - 2] == ' '
        && line[NodeAt - 1] == ' ' && !line.AsSpan(0, NodeAt).Contains("/dev/", StringComparison.Ordinal);

    private static LunPathFact Padded(LunPathFact fact, string line, out string unknown) => Nodes(
        fact with
        {
            Vendor = line[VendorAt..(ModelAt - 1)].Trim(),
            Model = line[ModelAt..(RevAt - 1)].Trim(),
            Rev = line[RevAt..(NodeAt - 2)].Trim(),
        },
        line[NodeAt..],
        out unknown);

    /// <summary>Blanks were lost: the first word is the vendor, the last one before the node the revision.</summary>
    private static LunPathFact Words(LunPathFact fact, string text, out string unknown)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var node = Array.FindIndex(words, w => w == "-" || w.StartsWith("/dev/", StringComparison.Ordinal));
        var last = node < 0 ? words.Length : node;
        if (last >= 2)
        {
            fact = fact with { Vendor = words[0], Model = string.Join(' ', words[1..Math.Max(1, last - 1)]), Rev = words[last - 1] };
        }

        return Nodes(fact, node < 0 ? string.Empty : string.Join(' ', words[node..]), out unknown);
    }

    /// <summary>Nodes and what options add to them, in any order.</summary>
    private static LunPathFact Nodes(LunPathFact fact, string text, out string unknown)
    {
        unknown = string.Empty;
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var bracket = word.IndexOf('[', StringComparison.Ordinal);
            var name = bracket < 0 ? word : word[..bracket];
            if (name.StartsWith("/dev/sg", StringComparison.Ordinal) && name.Length > 7 && name.AsSpan(7).IndexOfAnyExceptInRange('0', '9') < 0)
            {
                fact = fact with { Sg = name[5..] };
            }
            else if (name.StartsWith("/dev/", StringComparison.Ordinal) && name.Length > 5)
            {
                fact = fact with { Node = name[5..] };
            }
            else if (Size(name) is { } bytes)
            {
                fact = fact with { Bytes = bytes };
            }
            else if (IsIdentifier(name))
            {
                fact = fact with { Wwid = ScsiType.Wwid(name) };
            }
            else if (name.Length > 0 && name.AsSpan().IndexOfAnyExcept(NumberChars) >= 0 && !name.StartsWith("DIF", StringComparison.Ordinal)
                && !name.StartsWith("T10-", StringComparison.Ordinal) && name != "0")
            {
                unknown = name;
            }
        }

        return fact;
    }

    /// <summary>NAA identifiers of 8 or 16 bytes, as <c>-i</c> (with the 2 or 3 of scsi_id) and <c>-w</c> print them.</summary>
    private static bool IsIdentifier(string word)
    {
        // T10 vendor identifiers: SATA_QEMU_HARDDISK_QM00001, 0QEMU_QEMU_HARDDISK_1.
        if (word.Length >= 8 && word.Contains('_', StringComparison.Ordinal) && (word.StartsWith("SATA_", StringComparison.Ordinal) || word[0] is '0' or '1' or 'S'))
        {
            return true;
        }

        var digits = word.StartsWith("0x", StringComparison.Ordinal) ? word.AsSpan(2) : word.Length is 17 or 33 && word[0] is '2' or '3' ? word.AsSpan(1) : default;
        return digits.Length is 16 or 32 && digits.IndexOfAnyExcept(HexDigits) < 0;
    }

    /// <summary>The LUN as T10 writes it (<c>0x1233_0000</c>, <c>0x1233000000000000</c>): 16-bit levels, the first one lowest in
    /// the kernel's number (scsilun_to_int, drivers/scsi/scsi_common.c).</summary>
    private static bool HexLun(string text, out ulong lun)
    {
        lun = 0;
        var digits = text.Replace("_", string.Empty, StringComparison.Ordinal);
        if (digits.Length is 0 or > 16 || digits.Length % 4 != 0)
        {
            return false;
        }

        for (var i = 0; i < digits.Length; i += 4)
        {
            if (!ushort.TryParse(digits.AsSpan(i, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var level))
            {
                return false;
            }

            lun |= (ulong)level << (i * 4);
        }

        return true;
    }
}
