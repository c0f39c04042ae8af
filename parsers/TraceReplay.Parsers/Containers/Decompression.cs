using System.IO.Compression;
using System.Text;

namespace TraceReplay.Parsers.Containers;

/// <summary>Takes compression and UTF-16 off a stream, by the first bytes, layer by layer.</summary>
internal static class Decompression
{
    /// <summary>Deepest nesting of compression that is followed (ANCHORS hostile input 4).</summary>
    public const int MaxDepth = 3;

    private static ReadOnlySpan<byte> Gzip => [0x1f, 0x8b];

    private static ReadOnlySpan<byte> Zstd => [0x28, 0xb5, 0x2f, 0xfd];

    private static ReadOnlySpan<byte> Lz4 => [0x04, 0x22, 0x4d, 0x18];

    private static ReadOnlySpan<byte> Lz4Legacy => [0x02, 0x21, 0x4c, 0x18];

    private static ReadOnlySpan<byte> Xz => [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00];

    /// <summary>Unwraps a stream.</summary>
    /// <param name="stored">The bytes as stored.</param>
    /// <returns>The content; disposing it disposes <paramref name="stored"/>.</returns>
    /// <exception cref="DllNotFoundException">A system library for this compression is missing.</exception>
    public static Stream Unwrap(Stream stored) => Unwrap(stored, out _);

    /// <summary>Unwraps a stream.</summary>
    /// <param name="stored">The bytes as stored.</param>
    /// <param name="isPlain">There was nothing to take off.</param>
    /// <returns>The content; disposing it disposes <paramref name="stored"/>.</returns>
    /// <exception cref="DllNotFoundException">A system library for this compression is missing.</exception>
    public static Stream Unwrap(Stream stored, out bool isPlain)
    {
        isPlain = true;
        Stream content = stored;
        for (var depth = 0; depth < MaxDepth; depth++)
        {
            PrefixedStream peeked;
            ReadOnlyMemory<byte> head;
            try
            {
                peeked = PrefixedStream.Peek(content, 8, out head);
            }
            catch (Exception e) when (depth > 0 && e is InvalidDataException or IOException or ArgumentException)
            {
                return new FailedStream(content, e.Message);
            }

            var inner = Layer(peeked, head.Span);
            content = peeked;
            if (inner is null)
            {
                break;
            }

            isPlain = false;
            content = inner;
        }

        return content;
    }

    private static Stream? Layer(Stream stream, ReadOnlySpan<byte> head)
    {
        if (head.StartsWith(Gzip))
        {
            return new GZipStream(stream, CompressionMode.Decompress);
        }

        if (head.StartsWith(Zstd))
        {
            return new ZstdStream(stream);
        }

        if (head.StartsWith(Lz4))
        {
            return new Lz4Stream(stream);
        }

        if (head.StartsWith(Lz4Legacy))
        {
            return new Lz4LegacyStream(stream);
        }

        if (head.StartsWith(Xz))
        {
            return new XzStream(stream);
        }

        if (head.StartsWith("BZh"u8) && head.Length > 4 && head[4] == 0x31)
        {
            return new BZip2Content(stream);
        }

        if (head.Length >= 2 && head[0] == 0xff && head[1] == 0xfe)
        {
            return Encoding.CreateTranscodingStream(stream, Encoding.Unicode, Encoding.UTF8);
        }

        return head.Length >= 2 && head[0] == 0xfe && head[1] == 0xff
            ? Encoding.CreateTranscodingStream(stream, Encoding.BigEndianUnicode, Encoding.UTF8)
            : null;
    }
}
