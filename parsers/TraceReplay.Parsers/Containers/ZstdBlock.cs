using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Containers;

/// <summary>Zstandard data in memory, through the system's libzstd.</summary>
internal static unsafe partial class ZstdBlock
{
    private const string Library = "libzstd.so.1";

    /// <summary>Unpacks whole frames whose content's size is known.</summary>
    /// <param name="packed">The frames.</param>
    /// <param name="target">Where the content goes.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="InvalidDataException">They are damaged or hold more than that.</exception>
    /// <exception cref="DllNotFoundException">The system has no libzstd.so.1 (Debian: package libzstd1).</exception>
    public static int Decompress(ReadOnlySpan<byte> packed, Span<byte> target)
    {
        fixed (byte* source = packed)
        fixed (byte* into = target)
        {
            var result = Decompress(into, (nuint)target.Length, source, (nuint)packed.Length);
            return IsError(result) == 0 ? (int)result : throw new InvalidDataException("damaged zstd data: " + Marshal.PtrToStringUTF8(ErrorName(result)));
        }
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_decompress")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint Decompress(byte* target, nuint capacity, byte* source, nuint size);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ErrorName(nuint code);
}
