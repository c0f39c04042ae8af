namespace TraceReplay.Parsers.Containers;

/// <summary>Gives back bytes that were read to look at them, then goes on with the stream they came from.</summary>
internal sealed class PrefixedStream(byte[] head, int headLength, Stream inner, bool leaveOpen = false) : ReadOnlyStream
{
    private int _at;

    /// <summary>Reads the first bytes of a stream without losing them.</summary>
    /// <param name="stream">Any stream.</param>
    /// <param name="want">How many bytes to look at.</param>
    /// <param name="head">The bytes, fewer at the end of the stream.</param>
    /// <returns>A stream that begins with those bytes.</returns>
    public static PrefixedStream Peek(Stream stream, int want, out ReadOnlyMemory<byte> head)
    {
        var buffer = new byte[want];
        var have = stream.ReadAtLeast(buffer, want, throwOnEndOfStream: false);
        head = buffer.AsMemory(0, have);
        return new PrefixedStream(buffer, have, stream);
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_at == headLength)
        {
            return inner.Read(buffer);
        }

        var part = head.AsSpan(_at, Math.Min(headLength - _at, buffer.Length));
        part.CopyTo(buffer);
        _at += part.Length;
        return part.Length;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !leaveOpen)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
