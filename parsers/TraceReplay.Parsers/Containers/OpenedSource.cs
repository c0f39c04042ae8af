namespace TraceReplay.Parsers.Containers;

/// <summary>A source whose bytes are being read: hashed as stored, decompressed, pumped ahead.</summary>
internal sealed class OpenedSource : IDisposable
{
    private OpenedSource(HashingStream stored, BlockPump pump, long storedBytes, ContentBudget budget)
    {
        Stored = stored;
        Pump = pump;
        StoredBytes = storedBytes;
        Budget = budget;
    }

    /// <summary>The bytes as stored.</summary>
    public HashingStream Stored { get; }

    /// <summary>The content.</summary>
    public BlockPump Pump { get; }

    /// <summary>Size as stored, 0 = not known.</summary>
    public long StoredBytes { get; }

    /// <summary>How much its content may grow to.</summary>
    public ContentBudget Budget { get; }

    /// <summary>Path of the file whose bytes are the content, null if the content is anything else: compressed, a member, a pipe.</summary>
    public string? PlainPath { get; private init; }

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
    /// <param name="shared">The budget of the archive this is part of, null if it has its own.</param>
    /// <returns>The source.</returns>
    /// <exception cref="DllNotFoundException">A system library for its compression is missing.</exception>
    public static OpenedSource Over(Stream file, long limit, CancellationToken cancellation, ContentBudget? shared = null)
    {
        var stored = new HashingStream(file);
        try
        {
            var size = file is RangeStream or MemoryStream || file.CanSeek ? file.Length : 0;
            var budget = shared ?? new ContentBudget(() => stored.Count, limit);
            var content = Decompression.Unwrap(stored, out var isPlain);
            return new OpenedSource(stored, new BlockPump(content, budget, cancellation), size, budget)
            {
                PlainPath = isPlain && file is FileStream { CanSeek: true } plain ? plain.Name : null,
            };
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
