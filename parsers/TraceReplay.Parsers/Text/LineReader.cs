using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.Text;

/// <summary>Splits blocks into lines without copying them. LF and CR LF end lines; leading NULs (zeroed by a crash) and
/// byte order marks are taken off; a line longer than <see cref="BlockPump.Headroom"/> is dropped and counted.</summary>
internal sealed class LineReader(BlockPump pump, Action<long>? onBlock = null)
{
    // How much of what was read is kept in front of a new block, so that the line before can be looked at.
    private const int Context = 1 << 12;

    private Block? _block;
    private Block? _before;
    private byte[] _bytes = [];
    private bool _startsInLine;
    private bool _isEnded;
    private int _start;
    private int _at;
    private int _end;

    /// <summary>Number of the line last returned, 1-based.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Lines dropped because they were too long.</summary>
    public long Overlong { get; private set; }

    /// <summary>NUL bytes taken off the beginnings of lines.</summary>
    public long NulBytes { get; private set; }

    /// <summary>The last line returned had no line end: it may be cut.</summary>
    public bool LastLineCut { get; private set; }

    /// <summary>What is in memory of the lines returned last, with their ends.</summary>
    public ReadOnlySpan<byte> Kept => _bytes.AsSpan(_start, _at - _start);

    /// <summary>Reads the next line.</summary>
    /// <param name="line">The line without its end; valid until the next call.</param>
    /// <returns>False at the end.</returns>
    public bool Next(out ReadOnlySpan<byte> line)
    {
        Release();
        var rest = _bytes.AsSpan(_at, _end - _at);
        var length = rest.IndexOf((byte)'\n');
        if (length < 0)
        {
            return NextBlock(out line);
        }

        _at += length + 1;
        LineNumber++;
        line = Trim(rest[..length]);
        return true;
    }

    /// <summary>Reads the next line that holds any of some literals, and counts the lines passed over.</summary>
    /// <param name="scanner">The literals.</param>
    /// <param name="line">The line; valid until the next call.</param>
    /// <returns>False at the end.</returns>
    public bool NextHit(LiteralScanner scanner, out ReadOnlySpan<byte> line)
    {
        Release();
        while (true)
        {
            var rest = _bytes.AsSpan(_at, _end - _at);
            var whole = rest[..(rest.LastIndexOf((byte)'\n') + 1)];
            var hit = scanner.IndexOf(whole);
            if (hit >= 0)
            {
                var start = whole[..hit].LastIndexOf((byte)'\n') + 1;
                LineNumber += whole[..start].Count((byte)'\n');
                _at += start;
                return Next(out line);
            }

            LineNumber += whole.Count((byte)'\n');
            _at += whole.Length;

            // The line that the block's end cuts is looked at by itself.
            if (!Next(out line))
            {
                return false;
            }

            if (scanner.IndexOf(line) >= 0)
            {
                return true;
            }
        }
    }

    /// <summary>Looks at a line after the current one. What was returned before stays valid.</summary>
    /// <param name="ahead">0 = the next line.</param>
    /// <param name="line">The line.</param>
    /// <returns>False if there is none, or if the lines between are longer than a block.</returns>
    public bool TryPeek(int ahead, out ReadOnlySpan<byte> line)
    {
        if (Peek(ahead, out line))
        {
            return true;
        }

        // A block's end cuts it: the next block is put behind, once, while the one before is kept for the current line.
        return _before is null && Extend() && Peek(ahead, out line);
    }

    /// <summary>Looks at the line before the current one, if it is in memory.</summary>
    /// <param name="line">The line.</param>
    /// <returns>False if it is not at hand.</returns>
    public bool TryPrevious(out ReadOnlySpan<byte> line)
    {
        line = default;
        var before = _bytes.AsSpan(_start, _at - _start).TrimEnd((byte)'\n');
        var current = before.LastIndexOf((byte)'\n');
        if (current < 0)
        {
            return false;
        }

        var previous = before[..current].TrimEnd((byte)'\r');
        var begin = previous.LastIndexOf((byte)'\n') + 1;
        line = previous[begin..];
        return begin > 0 || !_startsInLine;
    }

    private bool Peek(int ahead, out ReadOnlySpan<byte> line)
    {
        var rest = _bytes.AsSpan(_at, _end - _at);
        for (; ; ahead--)
        {
            var length = rest.IndexOf((byte)'\n');
            line = length < 0 ? rest : rest[..length];
            if (ahead == 0)
            {
                line = line.TrimEnd((byte)'\r');
                return !rest.IsEmpty && (length >= 0 || _isEnded);
            }

            if (length < 0)
            {
                return false;
            }

            rest = rest[(length + 1)..];
        }
    }

    private bool Extend()
    {
        var carried = _end - _at;
        if (_isEnded || carried > BlockPump.Headroom)
        {
            return false;
        }

        var kept = _block;
        _block = null;
        var isMore = Append();
        _before = isMore ? kept : null;
        _block = isMore ? _block : kept;
        return true;
    }

    /// <summary>Puts the next block behind what is left of this one.</summary>
    /// <returns>False at the end of the content.</returns>
    private bool Append()
    {
        var next = pump.Take();
        if (next is null)
        {
            _isEnded = true;
            return false;
        }

        onBlock?.Invoke(next.Length);
        var carried = _end - _at;
        var context = Math.Min(Math.Min(_at - _start, Context), BlockPump.Headroom - carried);
        _startsInLine |= context < _at - _start;
        _bytes.AsSpan(_at - context, context + carried).CopyTo(next.Bytes.AsSpan(BlockPump.Headroom - carried - context));
        Enter(next, BlockPump.Headroom - carried - context);
        _at += context;
        return true;
    }

    private ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            return line;
        }

        if (line[^1] == (byte)'\r')
        {
            line = line.TrimEnd((byte)'\r');
        }

        return !line.IsEmpty && line[0] is 0 or 0xef ? TrimStart(line) : line;
    }

    private ReadOnlySpan<byte> TrimStart(ReadOnlySpan<byte> line)
    {
        var without = line.TrimStart((byte)0);
        NulBytes += line.Length - without.Length;
        while (without.StartsWith("\uFEFF"u8))
        {
            without = without[3..];
        }

        return without;
    }

    /// <summary>Moves on to blocks until one ends the line that was begun.</summary>
    private bool NextBlock(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            if (_end - _at > BlockPump.Headroom)
            {
                DropLine();
            }
            else if (!Append())
            {
                return LastLine(out line);
            }

            if (_bytes.AsSpan(_at, _end - _at).Contains((byte)'\n'))
            {
                return Next(out line);
            }

            if (_isEnded)
            {
                return LastLine(out line);
            }
        }
    }

    private bool LastLine(out ReadOnlySpan<byte> line)
    {
        var rest = _bytes.AsSpan(_at, _end - _at);
        _at = _end;
        if (rest.IsEmpty)
        {
            line = default;
            return false;
        }

        LineNumber++;
        LastLineCut = true;
        if (rest.Length > BlockPump.Headroom)
        {
            Overlong++;
            rest = default;
        }

        line = Trim(rest);
        return true;
    }

    /// <summary>Skips to the end of a line that is too long to keep.</summary>
    private void DropLine()
    {
        Overlong++;
        LineNumber++;
        while (pump.Take() is { } block)
        {
            onBlock?.Invoke(block.Length);
            Enter(block, BlockPump.Headroom);
            _startsInLine = true;
            var end = _bytes.AsSpan(_at, _end - _at).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _at += end + 1;
                return;
            }
        }

        _isEnded = true;
        _at = _end;
    }

    private void Release()
    {
        if (_before is not null)
        {
            pump.Return(_before);
            _before = null;
        }
    }

    private void Enter(Block block, int start)
    {
        if (_block is not null)
        {
            pump.Return(_block);
        }

        _block = block;
        _bytes = block.Bytes;
        _start = start;
        _at = start;
        _end = BlockPump.Headroom + block.Length;
    }
}
