using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Pages of one CPU's ring, read a few at a time.</summary>
internal abstract class RingPages
{
    /// <summary>Why the last block could not be read, null if it could.</summary>
    public string? Damage { get; protected set; }

    /// <summary>Reads the next pages.</summary>
    /// <returns>Whole pages, but for the last of a cut file; valid until the next call; empty at the end.</returns>
    public abstract ReadOnlyMemory<byte> Next();
}

/// <summary>Pages that stand in the file as they are.</summary>
internal sealed class PlainPages(RandomContent content, long offset, long size, int pageBytes) : RingPages
{
    private const int BlockBytes = 1 << 16;

    private byte[] _buffer = [];
    private long _at;

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Next()
    {
        // A killed recorder leaves a table that promises more than the file holds.
        var left = Math.Min(size, content.Length - offset) - _at;
        if (left <= 0)
        {
            return default;
        }

        if (content.IsInMemory)
        {
            _at += left;
            return content.Slice(offset, left);
        }

        if (_buffer.Length == 0)
        {
            _buffer = new byte[Math.Max(BlockBytes / pageBytes, 1) * pageBytes];
        }

        var read = content.Read(offset + _at, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, left)));
        _at += read;
        return _buffer.AsMemory(0, read);
    }
}

/// <summary>Pages in compressed parts (version 7).</summary>
internal sealed class PackedPages : RingPages
{
    private readonly CompressedParts _parts;
    private ByteCursor _cursor;
    private byte[] _buffer = [];
    private long _left = -1;

    /// <summary>Prepares for one CPU.</summary>
    /// <param name="parts">The compression.</param>
    /// <param name="cursor">At the number of parts.</param>
    public PackedPages(CompressedParts parts, ByteCursor cursor)
    {
        _parts = parts;
        _cursor = cursor;
    }

    /// <inheritdoc/>
    public override ReadOnlyMemory<byte> Next()
    {
        try
        {
            _left = _left < 0 ? _cursor.U32() : _left;
            while (_left > 0)
            {
                _left--;
                var length = _parts.Chunk(ref _cursor, ref _buffer);
                if (length > 0)
                {
                    return _buffer.AsMemory(0, length);
                }
            }
        }
        catch (InvalidDataException e)
        {
            // Where one part ends is only known from the one before.
            (_left, Damage) = (0, e.Message);
        }

        return default;
    }
}
