using System.Buffers.Binary;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Walks the records of one CPU's ring pages (kernel/trace/ring_buffer.c).</summary>
internal sealed class RingReader
{
    private const int DataMost = 28;
    private const int Padding = 29;
    private const int TimeExtend = 30;
    private const uint CommitMask = 0xfffff;

    private readonly RingPages _pages;
    private readonly bool _bigEndian;
    private readonly int _pageBytes;
    private readonly int _commitBytes;
    private readonly int _dataOffset;
    private ReadOnlyMemory<byte> _block;
    private int _page;
    private int _at;
    private int _end;

    /// <summary>Prepares for the pages of one CPU.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cpu">CPU number.</param>
    /// <param name="pages">Its pages.</param>
    public RingReader(TraceDatFile file, int cpu, RingPages pages)
    {
        Cpu = cpu;
        _pages = pages;
        _bigEndian = file.BigEndian;
        _pageBytes = file.PageBytes;
        _commitBytes = file.LongBytes;
        _dataOffset = 8 + _commitBytes;
    }

    /// <summary>CPU number.</summary>
    public int Cpu { get; }

    /// <summary>Stamp of the current record.</summary>
    public ulong Time { get; private set; }

    /// <summary>Where the current record's data stand in the pages.</summary>
    public Range Record { get; private set; }

    /// <summary>Bytes of the current record.</summary>
    public ReadOnlySpan<byte> Data => _block.Span[Record];

    /// <summary>Events lost before the current record: -1 = some, 0 = none.</summary>
    public long LostBefore { get; private set; }

    /// <summary>Moves to the next record.</summary>
    /// <returns>False at the end.</returns>
    public bool Next()
    {
        LostBefore = 0;
        while (true)
        {
            while (_at + 4 > _end)
            {
                if (!NextPage())
                {
                    return false;
                }
            }

            if (Step())
            {
                return true;
            }
        }
    }

    /// <summary>Why the pages end before their time, null if they do not.</summary>
    public string? Damage => _pages.Damage;

    private bool NextPage()
    {
        if (_page + _dataOffset > _block.Length)
        {
            _block = _pages.Next();
            _page = 0;
            if (_dataOffset > _block.Length)
            {
                return false;
            }
        }

        var page = _block.Span[_page..];
        Time = U64(page);
        var commit = _commitBytes == 8 ? U64(page[8..]) : U32(page[8..]);
        _at = _page + _dataOffset;
        var length = (int)Math.Min(commit & CommitMask, (ulong)(_pageBytes - _dataOffset));
        _end = Math.Min(_at + length, _block.Length);
        if ((commit & (1u << 31)) != 0)
        {
            var isCounted = (commit & (1u << 30)) != 0 && _end + _commitBytes <= _block.Length;
            var count = !isCounted ? 0 : _commitBytes == 8 ? U64(_block.Span[_end..]) : U32(_block.Span[_end..]);
            LostBefore = count is > 0 and < long.MaxValue ? (long)count : -1;
        }

        _page += _pageBytes;
        return true;
    }

    /// <summary>Reads one record head.</summary>
    /// <returns>True if it was an event.</returns>
    private bool Step()
    {
        var span = _block.Span;
        var word = U32(span[_at..]);
        var type = _bigEndian ? word >> 27 : word & 31;
        var delta = _bigEndian ? word & 0x7ffffff : word >> 5;
        _at += 4;
        if (type is > 0 and <= DataMost)
        {
            return Event(_at, (int)type * 4, delta);
        }

        if ((type == Padding && delta == 0) || _at + 4 > _end)
        {
            _at = _end;
            return false;
        }

        var next = U32(span[_at..]);
        switch (type)
        {
            case 0:
                return next >= 4 && Event(_at + 4, (int)Math.Min(next - 4, int.MaxValue / 2), delta);
            case Padding:
                Time += delta;
                _at += (int)Math.Clamp(next, 4u, (uint)_pageBytes);
                return false;
            case TimeExtend:
                Time += ((ulong)next << 27) + delta;
                break;
            default:
                Time = (Time & (0xf8UL << 56)) | (((ulong)next << 27) + delta);
                break;
        }

        _at += 4;
        return false;
    }

    private bool Event(int start, int length, uint delta)
    {
        Time += delta;
        if (length > _end - start)
        {
            _at = _end;
            return false;
        }

        Record = start..(start + length);
        _at = start + ((length + 3) & ~3);
        return true;
    }

    private uint U32(ReadOnlySpan<byte> at) => _bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);

    private ulong U64(ReadOnlySpan<byte> at) => _bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at);
}
