using System.Runtime.InteropServices;

namespace TraceReplay.Cli.Output;

/// <summary>Where a result goes: standard output, or a file that appears whole or not at all.</summary>
internal static partial class ResultFile
{
    /// <summary>Writes a result.</summary>
    /// <param name="path">File; null or <c>-</c> = standard output.</param>
    /// <param name="write">Writes it.</param>
    public static void Write(string? path, Action<Stream> write)
    {
        if (path is null or "-")
        {
            using var buffered = new BufferedStream(StandardStream.Out, 1 << 16);
            write(buffered);
            buffered.Flush();
            return;
        }

        WriteFile(path, write);
    }

    private static void WriteFile(string path, Action<Stream> write)
    {
        // Devices and pipes cannot be replaced by a rename.
        if (IsSpecial(path))
        {
            using var device = new FileStream(path, FileMode.Open, FileAccess.Write);
            write(device);
            return;
        }

        var partial = $"{path}.{Environment.ProcessId}.part";
        try
        {
            using (var stream = new FileStream(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    // statx is the one call of this kind whose record is laid out alike on all architectures.
    private static bool IsSpecial(string path)
    {
        const int WorkingFolder = -100, AskType = 1, ModeOffset = 28, TypeMask = 0xf000, Regular = 0x8000;
        Span<byte> record = stackalloc byte[256];
        if (SystemStatx(WorkingFolder, path, 0, AskType, record) != 0)
        {
            return false;
        }

        return (MemoryMarshal.Read<ushort>(record[ModeOffset..]) & TypeMask) is not Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SystemStatx(int folder, string path, int flags, uint mask, Span<byte> record);
}
