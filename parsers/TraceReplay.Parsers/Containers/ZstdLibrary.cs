using System.Runtime.InteropServices;

namespace TraceReplay.Parsers.Containers;

/// <summary>The part of the system's libzstd that is used (zstd.h, streaming decompression).</summary>
internal static unsafe partial class ZstdLibrary
{
    private const string Library = "libzstd.so.1";

    /// <summary>Makes the state of a stream.</summary>
    /// <returns>The state; give it back with <see cref="FreeDStream"/>.</returns>
    /// <exception cref="DllNotFoundException">The system has no libzstd.so.1 (Debian: package libzstd1).</exception>
    public static nint NewStream()
    {
        var context = CreateDStream();
        return context != 0 ? context : throw new InvalidOperationException("libzstd could not allocate its state");
    }

    /// <summary>Unpacks what fits.</summary>
    /// <param name="context">The state.</param>
    /// <param name="output">Where to.</param>
    /// <param name="input">Where from.</param>
    /// <returns>0 at the end of a frame.</returns>
    /// <exception cref="InvalidDataException">It is damaged; both positions hold what was good.</exception>
    public static nuint Decompress(nint context, ref Buffer output, ref Buffer input)
    {
        var result = DecompressStream(context, ref output, ref input);
        return IsError(result) == 0
            ? result
            : throw new InvalidDataException("damaged zstd data: " + Marshal.PtrToStringUTF8(ErrorName(result)));
    }

    [LibraryImport(Library, EntryPoint = "ZSTD_freeDStream")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nuint FreeDStream(nint context);

    [LibraryImport(Library, EntryPoint = "ZSTD_createDStream")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint CreateDStream();

    [LibraryImport(Library, EntryPoint = "ZSTD_decompressStream")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint DecompressStream(nint context, ref Buffer output, ref Buffer input);

    [LibraryImport(Library, EntryPoint = "ZSTD_isError")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint IsError(nuint code);

    [LibraryImport(Library, EntryPoint = "ZSTD_getErrorName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ErrorName(nuint code);

    /// <summary><c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        /// <summary>Its first byte.</summary>
        public byte* Data;

        /// <summary>Its size, bytes.</summary>
        public nuint Size;

        /// <summary>Bytes that are done.</summary>
        public nuint Position;
    }
}
