namespace TraceReplay.Parsers.Containers;

/// <summary>Unpacks a zstd stream that comes in pieces, through the system's libzstd.</summary>
internal sealed unsafe class ZstdPush : IDisposable
{
    // What one piece of at most 64 KiB may grow to.
    private const int MostContent = 64 << 20;

    private byte[] _content = new byte[1 << 14];
    private nint _context;
    private int _start;
    private int _end;

    /// <summary>Starts a stream.</summary>
    /// <exception cref="DllNotFoundException">The system has no libzstd.so.1 (Debian: package libzstd1).</exception>
    public ZstdPush()
    {
        _context = ZstdLibrary.NewStream();
    }

    /// <summary>Content that was not taken yet; valid until the next push.</summary>
    public ReadOnlySpan<byte> Content => _content.AsSpan(_start, _end - _start);

    /// <summary>Content is left over.</summary>
    public bool IsPartial => _end > _start;

    /// <summary>Unpacks the next piece.</summary>
    /// <param name="packed">The piece.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void Push(ReadOnlySpan<byte> packed)
    {
        Content.CopyTo(_content);
        (_start, _end) = (0, _end - _start);
        nuint used = 0;
        while (true)
        {
            if (_end == _content.Length)
            {
                Grow();
            }

            var written = Step(packed, ref used);
            if (used == (nuint)packed.Length && _end < _content.Length)
            {
                return;
            }

            if (written == 0 && used == (nuint)packed.Length)
            {
                return;
            }
        }
    }

    /// <summary>Takes content off the front.</summary>
    /// <param name="bytes">How much.</param>
    public void Take(int bytes) => _start += bytes;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_context != 0)
        {
            _ = ZstdLibrary.FreeDStream(_context);
            _context = 0;
        }
    }

    private void Grow()
    {
        if (_content.Length >= MostContent)
        {
            throw new InvalidDataException("a compressed record grows beyond all bounds");
        }

        Array.Resize(ref _content, _content.Length * 2);
    }

    private int Step(ReadOnlySpan<byte> packed, ref nuint used)
    {
        fixed (byte* source = packed)
        fixed (byte* target = _content)
        {
            var output = new ZstdLibrary.Buffer { Data = target, Size = (nuint)_content.Length, Position = (nuint)_end };
            var input = new ZstdLibrary.Buffer { Data = source, Size = (nuint)packed.Length, Position = used };
            _ = ZstdLibrary.Decompress(_context, ref output, ref input);
            used = input.Position;
            var written = (int)output.Position - _end;
            _end = (int)output.Position;
            return written;
        }
    }
}
