using System.Buffers;
using System.Security.Cryptography;

namespace TraceReplay.Parsers.Containers;

/// <summary>Passes bytes through, and takes their SHA-256 and their number on the way.</summary>
internal sealed class HashingStream(Stream inner) : ReadOnlyStream
{
    // What has just been read is hashed while it is in the processor's cache.
    private const int MostAtOnce = 1 << 17;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _count;

    /// <summary>Stored bytes read so far. May be read from another thread.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer[..Math.Min(buffer.Length, MostAtOnce)]);
        _hash.AppendData(buffer[..read]);
        Volatile.Write(ref _count, _count + read);
        return read;
    }

    /// <summary>Reads what a decompressor left over, so that the hash covers the stored bytes to the last.</summary>
    /// <param name="cancellation">Stops the reading.</param>
    public void Drain(CancellationToken cancellation)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(1 << 16);
        while (Read(scratch) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
        }

        ArrayPool<byte>.Shared.Return(scratch);
    }

    /// <summary>The hash of everything read.</summary>
    /// <returns>Lower-case hex.</returns>
    public string HexDigest() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
