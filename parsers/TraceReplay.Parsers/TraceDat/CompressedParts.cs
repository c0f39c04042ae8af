using System.IO.Compression;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Compressed parts of version 7 files.</summary>
/// <param name="compression">Name of the compression as the file gives it.</param>
internal sealed class CompressedParts(string compression)
{
    // The recorder packs ten pages (PAGES_IN_CHUNK, libtracecmd trace-compress.c): 640 KiB where pages have 64 KiB.
    private const int MostChunk = 16 << 20;

    /// <summary>Reads a section: packed size, size, packed bytes.</summary>
    /// <param name="cursor">At the sizes; moved behind the part.</param>
    /// <returns>Its bytes.</returns>
    public ReadOnlyMemory<byte> Section(ref ByteCursor cursor)
    {
        var packed = cursor.U32();
        var size = cursor.U32();
        Check(packed, size, RandomContent.MostSlice);
        var bytes = new byte[size];
        return bytes.AsMemory(0, Inflate(cursor.Slice(packed), bytes));
    }

    /// <summary>Reads a part of a ring.</summary>
    /// <param name="cursor">At its sizes; moved behind the part.</param>
    /// <param name="buffer">Where its bytes go; made larger where it is too small.</param>
    /// <returns>How many bytes it has.</returns>
    public int Chunk(ref ByteCursor cursor, ref byte[] buffer)
    {
        var packed = cursor.U32();
        var size = cursor.U32();
        Check(packed, size, MostChunk);
        var bytes = cursor.Slice(packed);
        if (buffer.Length < size)
        {
            buffer = new byte[size];
        }

        return Inflate(bytes, buffer.AsSpan(0, (int)size));
    }

    private static void Check(uint packed, uint size, int most)
    {
        if (size > most || size > packed * ContentBudget.MostRatio)
        {
            throw new InvalidDataException("a compressed part claims an absurd size");
        }
    }

    private int Inflate(ReadOnlyMemory<byte> packed, Span<byte> target)
    {
        if (compression == "zstd")
        {
            return ZstdBlock.Decompress(packed.Span, target);
        }

        if (compression != "zlib")
        {
            throw new InvalidDataException($"compression {compression} is not known");
        }

        using var source = new MemoryStream(packed.ToArray());
        using var inflate = new ZLibStream(source, CompressionMode.Decompress);
        return inflate.ReadAtLeast(target, target.Length, throwOnEndOfStream: false);
    }
}
