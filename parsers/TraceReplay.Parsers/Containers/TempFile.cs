using Microsoft.Win32.SafeHandles;

namespace TraceReplay.Parsers.Containers;

/// <summary>A file without a name for content that is too large for memory: it is unlinked as soon as it is open, so that nothing
/// is left behind whatever happens.</summary>
internal sealed class TempFile : IDisposable
{
    private readonly FileStream _file;

    /// <summary>Makes it in the folder for temporary files (<c>TMPDIR</c>).</summary>
    /// <exception cref="IOException">There is no room.</exception>
    public TempFile()
    {
        var path = Path.Combine(Path.GetTempPath(), "tracereplay-" + Path.GetRandomFileName());
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Delete, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        _file = new FileStream(path, options);
        File.Delete(path);
    }

    /// <summary>For reading at any place.</summary>
    public SafeFileHandle Handle => _file.SafeFileHandle;

    /// <summary>Bytes in it.</summary>
    public long Length { get; private set; }

    /// <summary>Adds bytes at the end.</summary>
    /// <param name="bytes">The bytes.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(Handle, bytes, Length);
        Length += bytes.Length;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
