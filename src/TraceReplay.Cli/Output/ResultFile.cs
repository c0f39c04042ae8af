namespace TraceReplay.Cli.Output;

/// <summary>Where a result goes: standard output, or a file that appears whole or not at all.</summary>
internal static class ResultFile
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
        if (File.Exists(path) && File.GetAttributes(path).HasFlag(FileAttributes.Device))
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
}
