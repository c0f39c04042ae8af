using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Containers;

/// <summary>Reads the legacy lz4 frame (<c>lz4 -l</c>, the Linux kernel's own files): a magic number, then blocks of at most
/// 8 MiB content, each with its packed size in front (lz4_Frame_format.md).</summary>
internal sealed unsafe partial class Lz4LegacyStream(Stream inner) : ReadOnlyStream
{
    private const int BlockBytes = 8 << 20;

    // LZ4_COMPRESSBOUND of a block.
    private const int MostPacked = BlockBytes + (BlockBytes / 255) + 16;
    private const uint Magic = 0x184C2102;

    // A byte of lz4 data makes at most 255.
    private const int MostRatio = 255;

    private byte[] _block = [];
    private byte[] _packed = [];
    private int _at;
    private int _end;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_at == _end && !NextBlock())
        {
            return 0;
        }

        var part = _block.AsSpan(_at, Math.Min(_end - _at, buffer.Length));
        part.CopyTo(buffer);
        _at += part.Length;
        return part.Length;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            (_block, _packed) = (Larger(_block, 0), Larger(_packed, 0));
            _at = _end = 0;
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private bool NextBlock()
    {
        Span<byte> word = stackalloc byte[4];
        uint size;
        do
        {
            var have = inner.ReadAtLeast(word, 4, throwOnEndOfStream: false);
            if (have < 4)
            {
                return have == 0 ? false : throw new InvalidDataException("the lz4 frame is cut off");
            }

            size = BinaryPrimitives.ReadUInt32LittleEndian(word);
        }
        while (size == Magic);

        if (size > MostPacked)
        {
            throw new InvalidDataException("damaged lz4 data: a block claims an impossible size");
        }

        _packed = Larger(_packed, (int)size);
        var packed = _packed.AsSpan(0, (int)size);
        if (inner.ReadAtLeast(packed, packed.Length, throwOnEndOfStream: false) < packed.Length)
        {
            throw new InvalidDataException("the lz4 frame is cut off");
        }

        var most = (int)Math.Min(BlockBytes, ((long)size * MostRatio) + 16);
        _block = Larger(_block, most);
        fixed (byte* source = packed)
        fixed (byte* target = _block)
        {
            (_at, _end) = (0, Decompress(source, target, packed.Length, Math.Min(_block.Length, BlockBytes)));
        }

        if (_end < 0)
        {
            _end = 0;
            throw new InvalidDataException("damaged lz4 data");
        }

        return _end > 0;
    }

    /// <summary>Gives a buffer back where it is too small, or at the end.</summary>
    private static byte[] Larger(byte[] buffer, int bytes)
    {
        if (bytes > 0 && buffer.Length >= bytes)
        {
            return buffer;
        }

        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return bytes == 0 ? [] : ArrayPool<byte>.Shared.Rent(bytes);
    }

    [LibraryImport("liblz4.so.1", EntryPoint = "LZ4_decompress_safe")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Decompress(byte* source, byte* target, int packedBytes, int mostBytes);
}
