using System.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>The part of a message before the text of the printk: <c>virtio_scsi 0000:00:02.0: </c> of dev_printk, maybe with
/// words such as <c>DMA-API: </c> around it.</summary>
internal static class MessagePrefix
{
    /// <summary>Finds driver and device.</summary>
    /// <param name="prefix">What stands before the matched text.</param>
    /// <returns>Driver and device, empty where none is named.</returns>
    public static (string Driver, string Device) Parse(ReadOnlySpan<byte> prefix)
    {
        if (prefix.Length is 0 or > 300)
        {
            return (string.Empty, string.Empty);
        }

        foreach (var segment in Encoding.UTF8.GetString(prefix).Split(": ", StringSplitOptions.RemoveEmptyEntries))
        {
            var words = segment.Trim(' ', '`', '"', ':').Split(' ', StringSplitOptions.RemoveEmptyEntries);
            words = words is [['[', ..], ..] ? words[1..] : words;
            if (words.Length is 2 or 3 && IsName(words[0]) && IsDevice(words[1]))
            {
                return (words[0], words[1]);
            }
        }

        return (string.Empty, string.Empty);
    }

    private static bool IsName(string word) => word.Length <= 64 && word != "software" && !word.Contains('=', StringComparison.Ordinal) && word[0] is not ('[' or '(');

    /// <summary>Device names hold a digit, a dot, a colon or are short words (<c>gpu</c>); sentences do not end in a colon here.</summary>
    private static bool IsDevice(string word) =>
        word.Length <= 128 && word[0] is not ('[' or '(') && !word.Contains('=', StringComparison.Ordinal) && !word.EndsWith(',');
}
