using Microsoft.Win32.SafeHandles;

namespace TraceReplay.Parsers.Containers;

/// <summary>A part of a file, read from its beginning to its end.</summary>
internal sealed class RangeStream(SafeFileHandle file, long offset, long length) : ReadOnlyStream
{
    private long _at;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(file, buffer[..(int)Math.Min(buffer.Length, length - _at)], offset + _at);
        _at += read;
        return read;
    }
}
