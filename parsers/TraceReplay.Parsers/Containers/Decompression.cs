using System.IO.Compression;
using System.Text;

namespace TraceReplay.Parsers.Containers;

/// <summary>Takes compression and UTF-16 off a stream, by the first bytes, layer by layer.</summary>
internal static class Decompression
{
    /// <summary>Deepest nesting of compression that is followed (ANCHORS hostile input 4).</summary>
    public const int MaxDepth = 3;

    private static readonly (string Name, Magic Begins, Func<Stream, Stream> Open)[] Kinds =
    [
        ("gz", head => head.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]), stream => new GZipStream(stream, CompressionMode.Decompress)),
        ("zst", head => head.StartsWith((ReadOnlySpan<byte>)[0x28, 0xb5, 0x2f, 0xfd]), stream => new ZstdStream(stream)),
        ("lz4", head => head.StartsWith((ReadOnlySpan<byte>)[0x04, 0x22, 0x4d, 0x18]), stream => new Lz4Stream(stream)),
        ("legacy.lz4", head => head.StartsWith((ReadOnlySpan<byte>)[0x02, 0x21, 0x4c, 0x18]), stream => new Lz4LegacyStream(stream)),
        ("xz", head => head.StartsWith((ReadOnlySpan<byte>)[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), stream => new XzStream(stream)),
        ("bz2", head => head.StartsWith("BZh"u8) && head.Length > 4 && head[4] == 0x31, stream => new BZip2Content(stream)),
        ("utf-16le", head => head.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]), stream => Encoding.CreateTranscodingStream(stream, Encoding.Unicode, Encoding.UTF8)),
        ("utf-16be", head => head.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]), stream => Encoding.CreateTranscodingStream(stream, Encoding.BigEndianUnicode, Encoding.UTF8)),
    ];

    private delegate bool Magic(ReadOnlySpan<byte> head);

    /// <summary>What can be taken off.</summary>
    public static IEnumerable<string> Names => Kinds.Select(kind => kind.Name);

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
        foreach (var kind in Kinds)
        {
            if (kind.Begins(head))
            {
                return kind.Open(stream);
            }
        }

        return null;
    }
}
