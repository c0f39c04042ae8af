using System.Buffers.Text;

namespace TraceReplay.Parsers.Text;

/// <summary>A growing buffer of UTF-8 text, reused from event to event.</summary>
internal sealed class TextBuffer
{
    // 20 decimal digits and a sign.
    private const int LongestNumber = 24;

    private byte[] _bytes = new byte[1024];
    private int _length;

    /// <summary>The text.</summary>
    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, _length);

    /// <summary>Empties it.</summary>
    public void Clear() => _length = 0;

    /// <summary>Adds bytes.</summary>
    /// <param name="part">The bytes.</param>
    public void Add(ReadOnlySpan<byte> part)
    {
        Room(part.Length);
        part.CopyTo(_bytes.AsSpan(_length));
        _length += part.Length;
    }

    /// <summary>Adds a decimal number.</summary>
    /// <param name="key">What stands in front.</param>
    /// <param name="value">The number.</param>
    public void Add(ReadOnlySpan<byte> key, long value)
    {
        Add(key);
        Room(LongestNumber);
        _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out var length);
        _length += length;
    }

    /// <summary>Adds a decimal number.</summary>
    /// <param name="key">What stands in front.</param>
    /// <param name="value">The number.</param>
    public void Add(ReadOnlySpan<byte> key, ulong value)
    {
        Add(key);
        Room(LongestNumber);
        _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out var length);
        _length += length;
    }

    /// <summary>Adds a hexadecimal number without <c>0x</c>.</summary>
    /// <param name="key">What stands in front.</param>
    /// <param name="value">The number.</param>
    public void AddHex(ReadOnlySpan<byte> key, ulong value)
    {
        Add(key);
        Room(LongestNumber);
        _ = Utf8Formatter.TryFormat(value, _bytes.AsSpan(_length), out var length, new System.Buffers.StandardFormat('x'));
        _length += length;
    }

    private void Room(int bytes)
    {
        if (_length + bytes > _bytes.Length)
        {
            Array.Resize(ref _bytes, (_length + bytes) * 2);
        }
    }
}
