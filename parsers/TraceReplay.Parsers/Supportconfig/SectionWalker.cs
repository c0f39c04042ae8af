using System.Text;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.Supportconfig;

/// <summary>Walks a file of SUSE's supportconfig (<c>basic-environment.txt</c>, <c>boot.txt</c>, <c>messages.txt</c>, ...): each holds the outputs of many
/// commands and the text of many files, one behind the other, each headed by <c>#==[ Command ]======#</c> and a line that says which it is
/// (<c># /bin/dmesg</c>, <c># /var/log/messages - Last 500 Lines</c>; spec formats.md 1.15).</summary>
/// <param name="content">The file.</param>
internal sealed class SectionWalker(Stream content)
{
    // What of a file is looked at for its first head; a banner of some lines stands above it.
    private const int BannerBytes = 1 << 13;
    private const int LongestHead = 512;

    private readonly byte[] _buffer = new byte[1 << 16];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _at;
    private int _end;
    private bool _isEnded;

    private static ReadOnlySpan<byte> Mark => "\n#==[ "u8;

    /// <summary>Whether content is such a file.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <returns>True if a section's head stands in it.</returns>
    public static bool Recognise(ReadOnlySpan<byte> head)
    {
        head = head[..Math.Min(head.Length, BannerBytes)];
        var isFirst = head.StartsWith(Mark[1..]);
        var at = isFirst ? 0 : head.IndexOf(Mark) + 1;
        if (at == 0 && !isFirst)
        {
            return false;
        }

        var line = head[at..];
        var end = line.IndexOf((byte)'\n');
        return end > 0 && line[..end].IndexOf(" ]==="u8) > 0 && line[(end + 1)..].StartsWith("# "u8);
    }

    /// <summary>Moves to the next section.</summary>
    /// <returns>Its name and text, which is valid until the next call; null at the end.</returns>
    public (string Name, Stream Text)? Next()
    {
        // What was not read of the section before, or the banner.
        while (Take(_buffer.Length) is { IsEmpty: false })
        {
        }

        Fill();
        var head = _buffer.AsSpan(_at, _end - _at);
        if (!head.StartsWith(Mark))
        {
            return null;
        }

        head = head[1..Math.Min(head.Length, LongestHead)];
        var first = head.IndexOf((byte)'\n');
        var rest = first < 0 ? default : head[(first + 1)..];
        var second = rest.StartsWith("# "u8) ? rest.IndexOf((byte)'\n') : -1;
        var name = second < 0 ? "section" : Name(Encoding.UTF8.GetString(rest[2..second].TrimEnd((byte)'\r')));

        // The head's last line end is left: that of a head that follows at once begins with it.
        _at += first < 0 ? head.Length + 1 : 1 + first + (second < 0 ? 0 : second + 1);
        var count = _names[name] = _names.GetValueOrDefault(name) + 1;
        return (count == 1 ? name : $"{name} ({count})", new Section(this));
    }

    /// <summary>What a section is of: a file by its path, a command by its name and options.</summary>
    private static string Name(string title)
    {
        var text = title.Trim();
        if (text.IndexOf(" - ", StringComparison.Ordinal) is > 0 and var remark)
        {
            text = text[..remark];
        }

        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return "section";
        }

        var command = words[0][(words[0].LastIndexOf('/') + 1)..];
        var isProgram = words[0].Contains("bin/", StringComparison.Ordinal);
        return command == "cat" && words.Length == 2 ? words[1].TrimStart('/')
            : isProgram ? string.Join(' ', words.Skip(1).Prepend(command)).Replace('/', '_')
            : words[0].TrimStart('/');
    }

    /// <summary>Bytes of the present section.</summary>
    private ReadOnlySpan<byte> Take(int most)
    {
        Fill();
        var text = _buffer.AsSpan(_at, _end - _at);
        var mark = text.IndexOf(Mark);

        // A mark may be cut by the buffer's end.
        var sure = mark >= 0 ? mark : _isEnded ? text.Length : Math.Max(0, text.Length - Mark.Length);
        var part = text[..Math.Min(sure, most)];
        _at += part.Length;
        return part;
    }

    private void Fill()
    {
        if (_isEnded || _end - _at > LongestHead)
        {
            return;
        }

        _buffer.AsSpan(_at, _end - _at).CopyTo(_buffer);
        (_at, _end) = (0, _end - _at);
        if (_end == 0 && _names.Count == 0)
        {
            // The first head may be the first line.
            _buffer[_end++] = (byte)'\n';
        }

        var read = content.ReadAtLeast(_buffer.AsSpan(_end), _buffer.Length - _end, throwOnEndOfStream: false);
        _isEnded = read < _buffer.Length - _end;
        _end += read;
    }

    private sealed class Section(SectionWalker walker) : ReadOnlyStream
    {
        private bool _isBegun;

        public override int Read(Span<byte> buffer)
        {
            if (!_isBegun)
            {
                _isBegun = true;
                walker.SkipLineEnd();
            }

            var part = walker.Take(buffer.Length);
            part.CopyTo(buffer);
            return part.Length;
        }
    }

    /// <summary>The head's own line end, where no other head follows at once.</summary>
    private void SkipLineEnd()
    {
        Fill();
        if (_at < _end && _buffer[_at] == (byte)'\n' && !_buffer.AsSpan(_at, _end - _at).StartsWith(Mark))
        {
            _at++;
        }
    }
}
