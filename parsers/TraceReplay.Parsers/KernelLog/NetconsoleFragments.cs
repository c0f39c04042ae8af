using System.Globalization;
using System.Text;
using TraceReplay.Parsers.Text;
using Ascii = TraceReplay.Parsers.Text.Ascii;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Joins the fragments of netconsole's extended format: a record above 1000 bytes comes in datagrams whose headers end in
/// <c>,ncfrag=OFFSET/TOTAL;</c>, both in bytes of the record's body (send_fragmented_body of drivers/net/netconsole.c, 6.13;
/// send_ext_msg_udp before; spec formats.md 1.11). Datagrams come in any order, of several hosts, and may be lost.</summary>
/// <param name="job">The source.</param>
internal sealed class NetconsoleFragments(SourceJob job)
{
    /// <summary>MAX_PRINT_CHUNK of drivers/net/netconsole.c: bytes of every datagram of a record but its last.</summary>
    private const int DatagramBytes = 1000;

    // The kernel's own records end at 8 KiB (CONSOLE_EXT_LOG_MAX, PRINTKRB_RECORD_MAX); user data may stand behind.
    private const int LongestRecord = 1 << 16;

    // What waits for its other fragments; the oldest goes first.
    private const int MostPending = 64;
    private const int MostPendingBytes = 1 << 20;

    // A record of 64 KiB comes in 78 datagrams; more parts are no kernel's.
    private const int MostParts = 128;

    private const int LongestHeader = 160;
    private const int LongestPrefix = 255;

    private readonly LinkedList<NetconsoleRecord> _pending = [];
    private readonly Queue<Joined> _ready = new();
    private int _pendingBytes;
    private long _cut;

    /// <summary>What every header of a fragment holds.</summary>
    public static ReadOnlySpan<byte> Mark => ",ncfrag="u8;

    /// <summary>Whether a line holds a fragment, or seems to.</summary>
    /// <param name="line">The line.</param>
    /// <returns>True if it is to be given to <see cref="Take"/>.</returns>
    public static bool Stands(ReadOnlySpan<byte> line) => line.IndexOf(Mark) >= 0;

    /// <summary>Takes all that stands in a line: a fragment does not end in a line end, and receivers put the next one right behind it.</summary>
    /// <param name="line">The line as it stands in the file.</param>
    /// <param name="lines">At that line; those of a record's dictionary behind it are taken too.</param>
    /// <returns>Lines taken behind it.</returns>
    public int Take(ReadOnlySpan<byte> line, LineReader lines)
    {
        var taken = 0;
        while (!line.IsEmpty)
        {
            if (!Header(line, out var head))
            {
                _ready.Enqueue(new Joined(line.ToArray(), lines.LineNumber, 1));
                break;
            }

            // What stands before the header: a receiver's prefix, or a whole record that lost its line end.
            var prefix = line[..head.Start];
            if (prefix.Length > LongestPrefix)
            {
                _ready.Enqueue(new Joined(prefix.ToArray(), lines.LineNumber, 1));
                prefix = default;
            }

            var body = line[head.Body..];
            var end = End(line, head);
            var isLast = end < 0;
            body = isLast ? body : line[head.Body..end];
            var dictionary = isLast ? Dictionary(lines, ref taken) : [];
            Add(prefix, line[head.Start..head.End], head, body, dictionary, lines.LineNumber);
            line = isLast ? default : line[end..];
        }

        return taken;
    }

    /// <summary>The next record that is whole, or will not become whole.</summary>
    /// <param name="joined">The record, as one line.</param>
    /// <returns>False if there is none for now.</returns>
    public bool TryNext(out Joined joined) => _ready.TryDequeue(out joined);

    /// <summary>The source has ended: what waits is handed over as it is.</summary>
    public void End()
    {
        while (_pending.First is { } first)
        {
            Finish(first);
        }
    }

    /// <summary>Says how many records lack a part.</summary>
    public void Tell()
    {
        if (_cut > 0)
        {
            job.Report(Notice.FragmentsMissing, 0, _cut == 1 ? "a record" : _cut.ToString(CultureInfo.InvariantCulture) + " records");
        }
    }

    private void Add(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> header, in Place head, ReadOnlySpan<byte> body, byte[] dictionary, long number)
    {
        var room = head.Total - head.Offset;
        var bytes = new byte[Math.Min(room, body.Length + dictionary.Length)];
        body[..Math.Min(room, body.Length)].CopyTo(bytes);
        dictionary.AsSpan(0, bytes.Length - Math.Min(room, body.Length)).CopyTo(bytes.AsSpan(Math.Min(room, body.Length)));

        var key = (Host(prefix), Encoding.Latin1.GetString(header), head.Total);
        var node = _pending.First;
        while (node is not null && node.Value.Key != key)
        {
            node = node.Next;
        }

        node ??= _pending.AddLast(new NetconsoleRecord(key, [.. prefix, .. header], number));
        if (node.Value.Parts.TryGetValue(head.Offset, out var known) && known.Length >= bytes.Length)
        {
            node.Value.Lines++;
            return;
        }

        _pendingBytes += bytes.Length - (known?.Length ?? 0);
        node.Value.Parts[head.Offset] = bytes;
        node.Value.Lines++;
        if (node.Value.IsWhole || node.Value.Parts.Count > MostParts)
        {
            Finish(node);
        }

        while (_pending.Count > MostPending || _pendingBytes > MostPendingBytes)
        {
            Finish(_pending.First!);
        }
    }

    private void Finish(LinkedListNode<NetconsoleRecord> node)
    {
        var record = node.Value;
        _pending.Remove(node);
        _pendingBytes -= record.Parts.Values.Sum(p => p.Length);
        var text = record.Text(out var isCut);
        _cut += isCut ? 1 : 0;
        _ready.Enqueue(new Joined([.. record.Head, (byte)';', .. text], record.Line, record.Lines));
    }

    /// <summary>The sender, as far as the receiver wrote it in front of the record: its last word, which is no time.</summary>
    private static string Host(ReadOnlySpan<byte> prefix)
    {
        var text = prefix.TrimEnd((byte)' ');
        return Encoding.Latin1.GetString(text[(text.LastIndexOf((byte)' ') + 1)..]);
    }

    /// <summary>Lines behind the text: <c> SUBSYSTEM=scsi</c>, <c> DEVICE=+scsi:0:0:1:0</c>, <c> userdata=value</c>.</summary>
    private static byte[] Dictionary(LineReader lines, ref int taken)
    {
        const int Most = 64;
        List<byte> found = [];
        for (; taken < Most && lines.TryPeek(taken, out var next) && next.StartsWith(" "u8) && next.Contains((byte)'='); taken++)
        {
            found.Add((byte)'\n');
            found.AddRange(next);
        }

        return [.. found];
    }

    /// <summary>Finds the first header of a fragment.</summary>
    private bool Header(ReadOnlySpan<byte> line, out Place head)
    {
        head = default;
        for (var from = 0; line[from..].IndexOf(Mark) is >= 0 and var found; from += Mark.Length)
        {
            from += found;
            var p = from + Mark.Length;
            if (!Ascii.Decimal(line, ref p, out var offset) || p >= line.Length || line[p++] != (byte)'/' || !Ascii.Decimal(line, ref p, out var total)
                || p >= line.Length || line[p++] != (byte)';' || total > LongestRecord || offset >= total)
            {
                continue;
            }

            var start = Start(line[..from]);
            if (start >= 0)
            {
                head = new Place(start, from, p, (int)offset, (int)total);
                return true;
            }
        }

        return false;
    }

    /// <summary>Where a header begins that ends with the text. Behind another fragment only that fragment's own header, or the size of
    /// a datagram, tells it from digits of the text.</summary>
    private int Start(ReadOnlySpan<byte> text)
    {
        var first = Math.Max(0, text.Length - LongestHeader);
        for (var node = _pending.Last; node is not null; node = node.Previous)
        {
            if (text.EndsWith(node.Value.Header))
            {
                return text.Length - node.Value.Header.Length;
            }
        }

        var best = -1;
        for (var at = first; at < text.Length; at++)
        {
            if (!IsHeader(text[at..]))
            {
                continue;
            }

            // The kernel's own records have a level of one digit; a number in front of it is text.
            var digits = text[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            var isBegun = at == 0 || text[at - 1] is (byte)' ' or (byte)':';
            if (isBegun || digits == 1)
            {
                return at;
            }

            best = best < 0 ? at : best;
        }

        return best;
    }

    /// <summary>Where the next datagram begins behind this one, -1 = its body goes to the end of the line.</summary>
    private static int End(ReadOnlySpan<byte> line, in Place head)
    {
        var rest = line[head.Body..];
        var own = line[head.Start..head.Body];
        var same = own[..(own.IndexOf(Mark) + Mark.Length)];
        if (rest.IndexOf(same) is >= 0 and var again)
        {
            return head.Body + again;
        }

        var full = head.Start + DatagramBytes;
        if (full < line.Length && full > head.Body && IsRecord(line[full..]))
        {
            return full;
        }

        // The last of a record ends with its line; what is glued behind another record's fragment has a header of its own.
        var most = Math.Min(line.Length, head.Body + head.Total - head.Offset);
        return most < line.Length && IsRecord(line[most..]) ? most : -1;
    }

    private static bool IsRecord(ReadOnlySpan<byte> text)
    {
        var semicolon = text[..Math.Min(text.Length, LongestHeader)].IndexOf((byte)';');
        if (semicolon < 0)
        {
            return false;
        }

        var header = text[..semicolon];
        return IsHeader(header.IndexOf(Mark) is > 0 and var mark ? header[..mark] : header);
    }

    /// <summary><c>6,339,5140900,-</c> with a release in front or not, <c>caller=T1</c> behind or not, and nothing else.</summary>
    private static bool IsHeader(ReadOnlySpan<byte> text)
    {
        const int LongestRelease = 64;
        var at = 0;
        var comma = text.IndexOf((byte)',');
        if (comma is > 3 and <= LongestRelease && text[..comma].Contains((byte)'.') && !text[..comma].ContainsAny(" ;"u8))
        {
            at = comma + 1;
        }

        for (var field = 0; field < 3; field++)
        {
            var before = at;
            if (at >= text.Length || !Ascii.IsDigit(text[at]) || !Ascii.Decimal(text, ref at, out var value) || at >= text.Length || text[at] != (byte)','
                || (field == 0 && (value > 999 || at - before > 3)))
            {
                return false;
            }

            at++;
        }

        return at < text.Length && text[at] is (byte)'-' or (byte)'c' or (byte)'+' && (at + 1 == text.Length || (text[at + 1] == (byte)',' && !text[at..].ContainsAny(" ;"u8)));
    }

    /// <summary>A record that was sent in fragments.</summary>
    /// <param name="Line">Header and text as one line, as they would stand there unfragmented.</param>
    /// <param name="Number">Line that its first fragment stands in.</param>
    /// <param name="Fragments">How many there were.</param>
    internal readonly record struct Joined(byte[] Line, long Number, int Fragments);

    private readonly record struct Place(int Start, int End, int Body, int Offset, int Total);
}
