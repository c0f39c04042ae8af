using System.Buffers;
using ICSharpCode.SharpZipLib.BZip2;

namespace TraceReplay.Parsers.Containers;

/// <summary>Reads bzip2 streams through SharpZipLib; its errors, of which damaged data make it throw many kinds, become <see cref="InvalidDataException"/>.</summary>
internal sealed class BZip2Content(Stream inner) : ReadOnlyStream
{
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
    private BZip2InputStream? _bzip2;
    private bool _isReturned;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            _bzip2 ??= new BZip2InputStream(inner);
            var read = _bzip2.Read(_buffer, 0, Math.Min(buffer.Length, _buffer.Length));
            _buffer.AsSpan(0, Math.Max(read, 0)).CopyTo(buffer);
            return Math.Max(read, 0);
        }
        catch (Exception e) when (e is not (IOException or InvalidDataException or OutOfMemoryException or OperationCanceledException))
        {
            throw new InvalidDataException("damaged or cut bzip2 data: " + e.Message, e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isReturned)
        {
            _isReturned = true;
            ArrayPool<byte>.Shared.Return(_buffer);
            _bzip2?.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
