namespace TraceReplay.Parsers.Containers;

/// <summary>A source whose bytes are being read: hashed as stored, decompressed, pumped ahead.</summary>
internal sealed class OpenedSource : IDisposable
{
    private OpenedSource(HashingStream stored, BlockPump pump, long storedBytes)
    {
        Stored = stored;
        Pump = pump;
        StoredBytes = storedBytes;
    }

    /// <summary>The bytes as stored.</summary>
    public HashingStream Stored { get; }

    /// <summary>The content.</summary>
    public BlockPump Pump { get; }

    /// <summary>Size as stored, 0 = not known.</summary>
    public long StoredBytes { get; }

    /// <summary>Opens a file, or standard input.</summary>
    /// <param name="path">Path, or <c>-</c>.</param>
    /// <returns>The bytes as stored.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static Stream File(string path) => path == "-"
        ? Console.OpenStandardInput()
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);

    /// <summary>Starts reading stored bytes.</summary>
    /// <param name="file">The bytes; disposed with the source.</param>
    /// <param name="limit">Most content bytes.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <returns>The source.</returns>
    /// <exception cref="DllNotFoundException">A system library for its compression is missing.</exception>
    public static OpenedSource Over(Stream file, long limit, CancellationToken cancellation)
    {
        var stored = new HashingStream(file);
        try
        {
            var size = file.CanSeek ? file.Length : 0;
            return new OpenedSource(stored, new BlockPump(Decompression.Unwrap(stored), limit, cancellation), size);
        }
        catch
        {
            stored.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Pump.Dispose();
}
