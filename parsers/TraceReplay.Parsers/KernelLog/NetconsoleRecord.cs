using System.Globalization;
using System.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>A record of netconsole while its fragments come.</summary>
/// <param name="key">Sender, header without the fragment's place, and bytes of the body: what all its fragments have in common.</param>
/// <param name="head">What stood in front of the first fragment's place: a receiver's prefix and the header.</param>
/// <param name="line">Line of the first fragment.</param>
internal sealed class NetconsoleRecord((string Host, string Header, int Total) key, byte[] head, long line)
{
    /// <summary>What all its fragments have in common.</summary>
    public (string Host, string Header, int Total) Key => key;

    /// <summary>A receiver's prefix and the header.</summary>
    public byte[] Head => head;

    /// <summary>The header.</summary>
    public byte[] Header { get; } = Encoding.Latin1.GetBytes(key.Header);

    /// <summary>Line of the first fragment.</summary>
    public long Line => line;

    /// <summary>Fragments that came, repeated ones too.</summary>
    public int Lines { get; set; }

    /// <summary>Bytes of the body by offset.</summary>
    public SortedDictionary<int, byte[]> Parts { get; } = [];

    /// <summary>Nothing is missing; the last line end is not kept.</summary>
    public bool IsWhole
    {
        get
        {
            var to = 0;
            foreach (var (offset, part) in Parts)
            {
                if (offset > to)
                {
                    return false;
                }

                to = Math.Max(to, offset + part.Length);
            }

            return to >= key.Total - 1;
        }
    }

    /// <summary>The text without the dictionary; a mark stands for what is missing.</summary>
    /// <param name="isCut">A part of the text is missing, as far as can be known.</param>
    /// <returns>The bytes.</returns>
    public byte[] Text(out bool isCut)
    {
        List<byte> text = [];
        var to = 0;
        isCut = false;
        foreach (var (offset, part) in Parts)
        {
            if (offset > to)
            {
                isCut = true;
                text.AddRange(Missing(offset - to));
            }

            var known = Math.Min(part.Length, Math.Max(0, to - offset));
            var end = part.AsSpan(known).IndexOf((byte)'\n');
            text.AddRange(end < 0 ? part.AsSpan(known) : part.AsSpan(known, end));
            to = Math.Max(to, offset + part.Length);
            if (end >= 0)
            {
                return [.. text];
            }
        }

        if (to < key.Total - 1)
        {
            isCut = true;
            text.AddRange(Missing(key.Total - to));
        }

        return [.. text];
    }

    private static byte[] Missing(int bytes) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $" [... {bytes} bytes missing ...] "));
}
