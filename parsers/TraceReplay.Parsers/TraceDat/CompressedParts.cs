using System.IO.Compression;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Compressed parts of version 7 files.</summary>
/// <param name="compression">Name of the compression as the file gives it.</param>
internal sealed class CompressedParts(string compression)
{
    private const int MostChunk = 1 << 28;

    /// <summary>Reads one part: packed size, size, packed bytes.</summary>
    /// <param name="cursor">At the sizes; moved behind the part.</param>
    /// <returns>Its bytes.</returns>
    public ReadOnlyMemory<byte> Chunk(ref ByteCursor cursor)
    {
        var packed = cursor.U32();
        var size = cursor.U32();
        if (size > MostChunk)
        {
            throw new InvalidDataException("a compressed part claims an absurd size");
        }

        using var inflated = Inflate(cursor.Slice(packed), (int)size);
        return inflated.ToArray();
    }

    /// <summary>Reads a count of parts, and all of them.</summary>
    /// <param name="cursor">At the count.</param>
    /// <returns>Their bytes, one after the other.</returns>
    public ReadOnlyMemory<byte> Chunks(ByteCursor cursor)
    {
        var count = cursor.U32();
        using var all = new MemoryStream();
        for (var i = 0; i < count; i++)
        {
            all.Write(Chunk(ref cursor).Span);
        }

        return all.ToArray();
    }

    private MemoryStream Inflate(ReadOnlyMemory<byte> packed, int size)
    {
        using var source = new MemoryStream(packed.ToArray());
        using Stream inflate = compression switch
        {
            "zstd" => new ZstdStream(source),
            "zlib" => new ZLibStream(source, CompressionMode.Decompress),
            _ => throw new InvalidDataException($"compression {compression} is not known"),
        };
        var result = new MemoryStream(size);
        var buffer = new byte[1 << 16];
        for (int read; result.Length < size && (read = inflate.Read(buffer)) > 0;)
        {
            result.Write(buffer, 0, read);
        }

        return result;
    }
}
