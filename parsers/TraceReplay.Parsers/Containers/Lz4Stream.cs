using System.Buffers;
using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Containers;

/// <summary>Reads lz4 frames (one or several, one after the other) through the system's liblz4.</summary>
/// <remarks>Content errors and a cut frame are an <see cref="InvalidDataException"/> after all readable bytes were given.</remarks>
internal sealed unsafe partial class Lz4Stream : ReadOnlyStream
{
    private const string Library = "liblz4.so.1";

    // LZ4F_VERSION (lz4frame.h, liblz4 1.x).
    private const uint Version = 100;

    private readonly Stream _inner;
    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(1 << 16);
    private nint _context;
    private int _inputAt;
    private int _inputEnd;
    private bool _inFrame;

    /// <summary>Starts decompression of a stream.</summary>
    /// <param name="inner">Compressed bytes; disposed with this stream.</param>
    /// <exception cref="DllNotFoundException">The system has no liblz4.so.1 (Debian: package liblz4-1).</exception>
    public Lz4Stream(Stream inner)
    {
        _inner = inner;
        if (IsError(Create(out _context, Version)) != 0)
        {
            throw new InvalidOperationException("liblz4 could not allocate its state");
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        var written = 0;
        while (written == 0 && !buffer.IsEmpty)
        {
            if (_inputAt == _inputEnd)
            {
                _inputAt = 0;
                _inputEnd = _inner.Read(_input);
                if (_inputEnd == 0)
                {
                    return _inFrame ? throw new InvalidDataException("the lz4 frame is cut off") : 0;
                }
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
            _ = Free(_context);
            _context = 0;
            ArrayPool<byte>.Shared.Return(_input);
        }

        if (disposing)
        {
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Step(Span<byte> buffer)
    {
        nuint result;
        var written = (nuint)buffer.Length;
        var used = (nuint)(_inputEnd - _inputAt);
        fixed (byte* source = _input)
        fixed (byte* target = buffer)
        {
            result = Decompress(_context, target, ref written, source + _inputAt, ref used, null);
        }

        if (IsError(result) != 0)
        {
            throw new InvalidDataException("damaged lz4 data: " + Marshal.PtrToStringUTF8(ErrorName(result)));
        }

        _inputAt += (int)used;
        _inFrame = result != 0;
        return (int)written;
    }

    [LibraryImport(Library, EntryPoint = "LZ4F_createDecompressionContext")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint Create(out nint context, uint version);

    [LibraryImport(Library, EntryPoint = "LZ4F_freeDecompressionContext")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint Free(nint context);

    [LibraryImport(Library, EntryPoint = "LZ4F_decompress")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint Decompress(nint context, byte* target, ref nuint targetSize, byte* source, ref nuint sourceSize, void* options);

    [LibraryImport(Library, EntryPoint = "LZ4F_isError")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "LZ4F_getErrorName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ErrorName(nuint code);
}
