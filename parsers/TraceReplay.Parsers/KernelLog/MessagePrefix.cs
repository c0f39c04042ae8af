using System.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>The part of a message before the text of the printk: <c>virtio_scsi 0000:00:02.0: </c> of dev_printk,
/// <c>ibmvscsi: </c> of pr_fmt, <c>[function]: </c>, maybe with words such as <c>DMA-API: </c> around it.</summary>
internal static class MessagePrefix
{
    // Longer ones are no printk prefix.
    private const int Longest = 300;

    private static readonly System.Buffers.SearchValues<char> NotInNames = System.Buffers.SearchValues.Create("=:<>[]");

    /// <summary>Words that stand before a colon in mails and bug reports.</summary>
    private static readonly string[] ProseHeads =
        ["subject", "re", "fwd", "fw", "aw", "title", "summary", "bug", "issue", "question", "problem", "note", "description", "error", "errors", "edit", "update"];

    /// <summary>Subsystems that print for other people's devices.</summary>
    private static readonly string[] Subsystems =
        ["dma", "dma-api", "pci-dma", "dmar", "cma", "swiotlb", "kernel", "printk", "warning", "error", "info", "panic", "software", "iommu", "reserved"];

    /// <summary>Finds driver and device.</summary>
    /// <param name="prefix">What stands before the matched text.</param>
    /// <returns>Driver and device, empty where none is named.</returns>
    public static (string Driver, string Device) Parse(ReadOnlySpan<byte> prefix)
    {
        foreach (var all in Segments(prefix))
        {
            // What an unknown envelope left over is no name.
            var words = Subsystems.Contains(all[0], StringComparer.OrdinalIgnoreCase) ? [] : all;
            while (words.Length > 2 && (!IsName(words[0]) || words[0].All(char.IsAsciiDigit)))
            {
                words = words[1..];
            }

            if (DriverOfWords(words) is { Device.Length: > 0 } several)
            {
                return several;
            }

            if (words.Length is 2 or 3 && IsName(words[0]) && IsDevice(words[1]))
            {
                return (words[0], words[1]);
            }
        }

        return (string.Empty, string.Empty);
    }

    /// <summary>Names of drivers of several words before a PCI address: <c>HDA Intel 0000:00:1b.0</c> (sound/pci/hda, up to 3.x),
    /// <c>Intel ICH 0000:00:1f.5</c> (sound/pci/intel8x0.c).</summary>
    private static (string Driver, string Device) DriverOfWords(string[] words)
    {
        var at = Array.FindIndex(words, IsPciAddress);
        return at >= 2 && Array.TrueForAll(words[..at], word => IsName(word) && char.IsAsciiLetterUpper(word[0]))
            ? (string.Join(' ', words[..at]), words[at])
            : (string.Empty, string.Empty);
    }

    private static bool IsPciAddress(string word) => word.Length >= 12 && word[^2] == '.' && word[^5] == ':' && word[^8] == ':'
        && word.All(c => char.IsAsciiHexDigitLower(c) || c is ':' or '.');

    /// <summary>Finds the module or interface that a driver's own line begins with.</summary>
    /// <param name="prefix">What stands before the matched text.</param>
    /// <returns>A driver, or the device where the name is that of an interface or disk.</returns>
    public static (string Driver, string Device) ParseModule(ReadOnlySpan<byte> prefix)
    {
        foreach (var words in Segments(prefix))
        {
            var word = words.Length == 1 ? words[0].Trim('[', ']') : string.Empty;
            if (IsModule(word))
            {
                return IsInterface(word) ? (string.Empty, word) : (word, string.Empty);
            }
        }

        return (string.Empty, string.Empty);
    }

    /// <summary>Whether a kernel could have printed this before a message: <c>driver device: </c>, <c>module: function: </c>.</summary>
    /// <param name="prefix">What stands before the matched text.</param>
    /// <returns>False for prose, and for nothing.</returns>
    public static bool IsPrintk(ReadOnlySpan<byte> prefix)
    {
        if (Parse(prefix) is { Device.Length: > 0 } named && named.Device.Any(char.IsAsciiDigit))
        {
            return true;
        }

        var segments = Segments(prefix).ToArray();
        return segments.Length > 0 && prefix.TrimEnd((byte)' ').EndsWith(":"u8)
            && Array.TrueForAll(segments, words => words.Length == 1 && !ProseHeads.Contains(words[0], StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The words before each colon; what no colon ends is part of a sentence.</summary>
    private static IEnumerable<string[]> Segments(ReadOnlySpan<byte> prefix) => prefix.Length is 0 or > Longest || prefix.LastIndexOf((byte)':') is var end && end < 0
        ? []
        : Encoding.UTF8.GetString(prefix[..end]).Split(": ", StringSplitOptions.RemoveEmptyEntries)
            .Select(segment => Unquoted(segment.Trim(' ', '`', '"', ':')).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(words => words is [['[', ..], _, ..] ? words[1..] : words)
            .Where(words => words.Length > 0);

    /// <summary>What a table or JSON put before the message ends in a quote or a tab.</summary>
    private static string Unquoted(string segment) => segment[(segment.AsSpan().LastIndexOfAny('"', '\t') + 1)..];

    private static bool IsName(string word) => word.Length <= 64 && word != "software" && word.AsSpan().IndexOfAny(NotInNames) < 0 && char.IsAsciiLetterOrDigit(word[0]);

    /// <summary>Device names hold a digit, a dot, a colon or are short words (<c>gpu</c>); sentences do not end in a colon here.</summary>
    private static bool IsDevice(string word) =>
        word.Length <= 128 && word is not "kernel" && word[0] is not ('[' or '(') && !word.Contains('=', StringComparison.Ordinal) && !word.EndsWith(',');

    private static bool IsModule(string word) => word.Length is >= 2 and <= 64 && char.IsAsciiLetterOrDigit(word[0])
        && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')
        && !Subsystems.Contains(word, StringComparer.OrdinalIgnoreCase) && !ProseHeads.Contains(word, StringComparer.OrdinalIgnoreCase);

    private static bool IsInterface(string word) =>
        char.IsAsciiDigit(word[^1]) && (word.StartsWith("eth", StringComparison.Ordinal) || word.StartsWith("wlan", StringComparison.Ordinal)
            || word.StartsWith("ib", StringComparison.Ordinal) || word.StartsWith("enp", StringComparison.Ordinal) || word.StartsWith("ens", StringComparison.Ordinal)
            || word.StartsWith("eno", StringComparison.Ordinal) || word.StartsWith("usb", StringComparison.Ordinal));
}
