using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Containers;

/// <summary>Unpacks a zstd stream that comes in pieces, through the system's libzstd.</summary>
internal sealed unsafe partial class ZstdPush : IDisposable
{
    private const string Library = "libzstd.so.1";

    // What one piece of at most 64 KiB may grow to.
    private const int MostContent = 64 << 20;

    private byte[] _content = new byte[1 << 17];
    private nint _context;
    private int _start;
    private int _end;

    /// <summary>Starts a stream.</summary>
    /// <exception cref="DllNotFoundException">The system has no libzstd.so.1 (Debian: package libzstd1).</exception>
    public ZstdPush()
    {
        _context = CreateDStream();
        if (_context == 0)
        {
            throw new InvalidOperationException("libzstd could not allocate its state");
        }
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
            _ = FreeDStream(_context);
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
            var output = new Buffer { Data = target, Size = (nuint)_content.Length, Position = (nuint)_end };
            var input = new Buffer { Data = source, Size = (nuint)packed.Length, Position = used };
            var result = DecompressStream(_context, ref output, ref input);
            if (IsError(result) != 0)
            {
                throw new InvalidDataException("damaged zstd data: " + Marshal.PtrToStringUTF8(ErrorName(result)));
            }

            used = input.Position;
            var written = (int)output.Position - _end;
            _end = (int)output.Position;
            return written;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public byte* Data;
        public nuint Size;
        public nuint Position;
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_createDStream")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint CreateDStream();

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDStream")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint FreeDStream(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint DecompressStream(nint context, ref Buffer output, ref Buffer input);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ErrorName(nuint code);
}
