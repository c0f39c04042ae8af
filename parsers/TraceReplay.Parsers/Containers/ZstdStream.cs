using System.Buffers;

namespace TraceReplay.Parsers.Containers;

/// <summary>Reads Zstandard frames (one or several, one after the other) through the system's libzstd.</summary>
/// <remarks>Content errors and a cut frame are an <see cref="InvalidDataException"/> after all readable bytes were given.</remarks>
public sealed unsafe class ZstdStream : ReadOnlyStream
{
    // ZSTD_BLOCKSIZE_MAX: a step of one block, because libzstd does not say how much of a step was good when it fails.
    private const int StepBytes = 1 << 17;

    private readonly Stream _inner;
    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(1 << 17);
    private nint _context;
    private int _inputAt;
    private int _inputEnd;
    private bool _inFrame;

    /// <summary>Starts decompression of a stream.</summary>
    /// <param name="inner">Compressed bytes; disposed with this stream.</param>
    /// <exception cref="DllNotFoundException">The system has no libzstd.so.1 (Debian: package libzstd1).</exception>
    public ZstdStream(Stream inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _context = ZstdLibrary.NewStream();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        var written = 0;
        while (written == 0 && !buffer.IsEmpty)
        {
            if (_inputAt == _inputEnd && !Refill())
            {
                return _inFrame ? throw new InvalidDataException("the zstd frame is cut off") : 0;
            }

            written = Step(buffer);
        }

        return written;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_context != 0)
        {
            _ = ZstdLibrary.FreeDStream(_context);
            _context = 0;
            ArrayPool<byte>.Shared.Return(_input);
        }

        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool Refill()
    {
        _inputAt = 0;
        _inputEnd = _inner.Read(_input);
        return _inputEnd > 0;
    }

    private int Step(Span<byte> buffer)
    {
        nuint result;
        int written;
        fixed (byte* source = _input)
        fixed (byte* target = buffer)
        {
            var output = new ZstdLibrary.Buffer { Data = target, Size = (nuint)Math.Min(buffer.Length, StepBytes) };
            var input = new ZstdLibrary.Buffer { Data = source, Size = (nuint)_inputEnd, Position = (nuint)_inputAt };
            result = ZstdLibrary.Decompress(_context, ref output, ref input);
            _inputAt = (int)input.Position;
            written = (int)output.Position;
        }

        _inFrame = result != 0;
        return written;
    }
}
