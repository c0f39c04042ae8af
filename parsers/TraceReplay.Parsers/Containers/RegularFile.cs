using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TraceReplay.Parsers.Containers;

/// <summary>Tells regular files from FIFOs, sockets and the like, which a folder may hold and which would block a reader for
/// ever.</summary>
internal static partial class RegularFile
{
    // O_RDONLY | O_NONBLOCK | O_CLOEXEC (asm-generic/fcntl.h): opening a FIFO this way does not wait for a writer.
    private const int OpenFlags = 0x800 | 0x80000;

    /// <summary>Whether a path can be read as a file.</summary>
    /// <param name="path">The path.</param>
    /// <returns>False for what cannot be sought in; true for what cannot be opened at all, so that the reader says why.</returns>
    public static bool Is(string path)
    {
        var descriptor = Open(path, OpenFlags);
        if (descriptor < 0)
        {
            // ENXIO (6): a socket, or a device without hardware.
            return Marshal.GetLastPInvokeError() != 6;
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        using var stream = new FileStream(handle, FileAccess.Read, 1);
        return stream.CanSeek;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);
}
