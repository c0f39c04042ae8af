using System.Buffers;
using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Containers;

/// <summary>Reads xz streams (one or several) through the system's liblzma.</summary>
/// <remarks>Content errors and a cut stream are an <see cref="InvalidDataException"/> after all readable bytes were given.</remarks>
internal sealed unsafe partial class XzStream : ReadOnlyStream
{
    private const string Library = "liblzma.so.5";

    // lzma/base.h and lzma/container.h.
    private const int Ok = 0;
    private const int StreamEnd = 1;
    private const int BufferError = 10;
    private const int Run = 0;
    private const int Finish = 3;
    private const uint Concatenated = 8;
    private const ulong MemoryLimit = 256UL << 20;

    private readonly Stream _inner;
    private readonly byte[] _input = ArrayPool<byte>.Shared.Rent(1 << 17);
    private readonly State* _state;
    private int _inputAt;
    private int _inputEnd;
    private bool _isLast;
    private bool _isDone;
    private bool _isFreed;

    /// <summary>Starts decompression of a stream.</summary>
    /// <param name="inner">Compressed bytes; disposed with this stream.</param>
    /// <exception cref="DllNotFoundException">The system has no liblzma.so.5 (Debian: package liblzma5).</exception>
    public XzStream(Stream inner)
    {
        _inner = inner;
        _state = (State*)NativeMemory.AllocZeroed((nuint)sizeof(State));
        if (Decoder(_state, MemoryLimit, Concatenated) != Ok)
        {
            throw new InvalidOperationException("liblzma could not allocate its state");
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var written = 0;
        while (written == 0 && !buffer.IsEmpty && !_isDone)
        {
            if (_inputAt == _inputEnd && !_isLast)
            {
                _inputAt = 0;
                _inputEnd = _inner.Read(_input);
                _isLast = _inputEnd == 0;
            }

            written = Step(buffer);
        }

        return written;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isFreed)
        {
            _isFreed = true;
            End(_state);
            NativeMemory.Free(_state);
            ArrayPool<byte>.Shared.Return(_input);
            _inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Step(Span<byte> buffer)
    {
        fixed (byte* source = _input)
        fixed (byte* target = buffer)
        {
            _state->NextIn = source + _inputAt;
            _state->AvailableIn = (nuint)(_inputEnd - _inputAt);
            _state->NextOut = target;
            _state->AvailableOut = (nuint)buffer.Length;
            var result = Code(_state, _isLast ? Finish : Run);
            _inputAt = _inputEnd - (int)_state->AvailableIn;
            var written = buffer.Length - (int)_state->AvailableOut;
            _isDone = result == StreamEnd;
            if (result is Ok or StreamEnd || written > 0)
            {
                return written;
            }

            throw new InvalidDataException(result == BufferError ? "the xz stream is cut off" : $"damaged xz data (liblzma result {result})");
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct State
    {
        public byte* NextIn;
        public nuint AvailableIn;
        public ulong TotalIn;
        public byte* NextOut;
        public nuint AvailableOut;
        public ulong TotalOut;
        public nint Allocator;
        public nint Internal;
        public fixed ulong Reserved[16];
    }

    [LibraryImport(Library, EntryPoint = "lzma_stream_decoder")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Decoder(State* state, ulong memoryLimit, uint flags);

    [LibraryImport(Library, EntryPoint = "lzma_code")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Code(State* state, int action);

    [LibraryImport(Library, EntryPoint = "lzma_end")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void End(State* state);
}
