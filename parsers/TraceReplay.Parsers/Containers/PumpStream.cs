namespace TraceReplay.Parsers.Containers;

/// <summary>The content of a source as a stream, for readers that are not line readers.</summary>
internal sealed class PumpStream(BlockPump pump) : ReadOnlyStream
{
    private Block? _block;
    private int _at;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (!HasMore())
        {
            return 0;
        }

        var part = _block!.Bytes.AsSpan(BlockPump.Headroom + _at, Math.Min(_block.Length - _at, buffer.Length));
        part.CopyTo(buffer);
        _at += part.Length;
        return part.Length;
    }

    /// <inheritdoc/>
    public override int ReadByte() => HasMore() ? _block!.Bytes[BlockPump.Headroom + _at++] : -1;

    private bool HasMore()
    {
        while (_block is null || _at == _block.Length)
        {
            if (_block is not null)
            {
                pump.Return(_block);
            }

            _block = pump.Take();
            _at = 0;
            if (_block is null)
            {
                return false;
            }
        }

        return true;
    }
}
