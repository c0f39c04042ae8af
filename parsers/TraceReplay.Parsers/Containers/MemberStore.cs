namespace TraceReplay.Parsers.Containers;

/// <summary>Keeps members of archives from the walk that finds them until their turn comes: the first in memory, the rest in a
/// file without a name.</summary>
internal sealed class MemberStore : IDisposable
{
    private const long MostInMemory = 48L << 20;

    private byte[]? _buffer;
    private TempFile? _file;
    private long _inMemory;

    /// <summary>Keeps a member.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <param name="rest">What follows, null if that was all.</param>
    /// <returns>Opens it; may be called again.</returns>
    /// <exception cref="IOException">There is no room for it.</exception>
    /// <exception cref="InvalidDataException">It is damaged behind its first bytes.</exception>
    public Func<Stream> Keep(ReadOnlySpan<byte> head, Stream? rest)
    {
        if (rest is null && _inMemory + head.Length <= MostInMemory)
        {
            _inMemory += head.Length;
            var bytes = head.ToArray();
            return () => new MemoryStream(bytes, writable: false);
        }

        var file = _file ??= new TempFile();
        var start = file.Length;
        file.Append(head);
        _buffer ??= new byte[1 << 16];
        for (int read; rest is not null && (read = rest.Read(_buffer)) > 0;)
        {
            file.Append(_buffer.AsSpan(0, read));
        }

        var length = file.Length - start;
        return () => new RangeStream(file.Handle, start, length);
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();
}
