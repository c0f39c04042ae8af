using System.Runtime.InteropServices;

namespace TraceReplay.Conformance.Tests;

/// <summary>Unpacks a whole zstd file through the system's libzstd.</summary>
internal static partial class ZstdText
{
    private const string Library = "libzstd.so.1";

    public static byte[] Read(string path)
    {
        var packed = File.ReadAllBytes(path);
        var unpacked = new MemoryStream();
        var stream = ZSTD_createDStream();
        try
        {
            Unpack(stream, packed, unpacked);
        }
        finally
        {
            _ = ZSTD_freeDStream(stream);
        }

        return unpacked.ToArray();
    }

    private static unsafe void Unpack(nint stream, byte[] packed, MemoryStream unpacked)
    {
        var block = new byte[1 << 17];
        fixed (byte* source = packed, target = block)
        {
            var input = new Buffer { Data = (nint)source, Size = (nuint)packed.Length };
            while (input.Position < input.Size)
            {
                var output = new Buffer { Data = (nint)target, Size = (nuint)block.Length };
                var left = ZSTD_decompressStream(stream, ref output, ref input);
                Assert.False(ZSTD_isError(left) != 0, "libzstd refuses the file");
                unpacked.Write(block, 0, (int)output.Position);
            }
        }
    }

    [LibraryImport(Library)]
    private static partial nint ZSTD_createDStream();

    [LibraryImport(Library)]
    private static partial nuint ZSTD_freeDStream(nint stream);

    [LibraryImport(Library)]
    private static partial nuint ZSTD_decompressStream(nint stream, ref Buffer output, ref Buffer input);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint code);

    [StructLayout(LayoutKind.Sequential)]
    private struct Buffer
    {
        public nint Data;
        public nuint Size;
        public nuint Position;
    }
}
