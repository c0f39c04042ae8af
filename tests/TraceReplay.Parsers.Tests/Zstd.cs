using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Tests;

/// <summary>Packs bytes with the system's libzstd, for tests that make their inputs.</summary>
internal static partial class Zstd
{
    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        var packed = new byte[content.Length + (content.Length / 128) + 1024];
        var length = Compress(packed, (nuint)packed.Length, content, (nuint)content.Length, 1);
        return packed[..(int)length];
    }

    [LibraryImport("libzstd.so.1", EntryPoint = "ZSTD_compress")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint Compress(Span<byte> target, nuint capacity, ReadOnlySpan<byte> source, nuint size, int level);
}
