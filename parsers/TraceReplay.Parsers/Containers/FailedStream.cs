namespace TraceReplay.Parsers.Containers;

/// <summary>Content that could not even be begun: reading it tells why.</summary>
internal sealed class FailedStream(Stream inner, string reason) : ReadOnlyStream
{
    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => throw new InvalidDataException(reason);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
