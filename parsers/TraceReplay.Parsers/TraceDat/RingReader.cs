using System.Buffers.Binary;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Walks the records of one CPU's ring pages (kernel/trace/ring_buffer.c).</summary>
internal sealed class RingReader
{
    private const int DataMost = 28;
    private const int Padding = 29;
    private const int TimeExtend = 30;
    private const uint CommitMask = 0xfffff;

    private readonly ReadOnlyMemory<byte> _pages;
    private readonly bool _bigEndian;
    private readonly int _pageBytes;
    private readonly int _commitBytes;
    private readonly int _dataOffset;
    private int _page = -1;
    private int _at;
    private int _end;

    /// <summary>Prepares for the pages of one CPU.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cpu">CPU number.</param>
    /// <param name="pages">Its pages.</param>
    public RingReader(TraceDatFile file, int cpu, ReadOnlyMemory<byte> pages)
    {
        Cpu = cpu;
        _pages = pages;
        _bigEndian = file.BigEndian;
        _pageBytes = file.PageBytes;
        var isWide = !file.PageHeader.Contains("commit;\toffset:8;\tsize:4", StringComparison.Ordinal);
        _commitBytes = isWide ? 8 : 4;
        _dataOffset = 8 + _commitBytes;
    }

    /// <summary>CPU number.</summary>
    public int Cpu { get; }

    /// <summary>Stamp of the current record.</summary>
    public ulong Time { get; private set; }

    /// <summary>Where the current record's data stand in the pages.</summary>
    public Range Record { get; private set; }

    /// <summary>Bytes of the current record.</summary>
    public ReadOnlySpan<byte> Data => _pages.Span[Record];

    /// <summary>Events lost before the current record: -1 = some, 0 = none.</summary>
    public long LostBefore { get; private set; }

    /// <summary>Moves to the next record.</summary>
    /// <returns>False at the end.</returns>
    public bool Next()
    {
        LostBefore = 0;
        while (true)
        {
            while (_page < 0 || _at + 4 > _end)
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

    private bool NextPage()
    {
        _page++;
        var start = (long)_page * _pageBytes;
        if (start + _dataOffset > _pages.Length)
        {
            return false;
        }

        var page = _pages.Span[(int)start..];
        Time = U64(page);
        var commit = _commitBytes == 8 ? U64(page[8..]) : U32(page[8..]);
        _at = (int)start + _dataOffset;
        var length = (int)Math.Min(commit & CommitMask, (ulong)(_pageBytes - _dataOffset));
        _end = Math.Min(_at + length, _pages.Length);
        if ((commit & (1u << 31)) != 0)
        {
            var isCounted = (commit & (1u << 30)) != 0 && _end + _commitBytes <= _pages.Length;
            var count = !isCounted ? 0 : _commitBytes == 8 ? U64(_pages.Span[_end..]) : U32(_pages.Span[_end..]);
            LostBefore = count is > 0 and < long.MaxValue ? (long)count : -1;
        }

        return true;
    }

    /// <summary>Reads one record head.</summary>
    /// <returns>True if it was an event.</returns>
    private bool Step()
    {
        var span = _pages.Span;
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
