using ICSharpCode.SharpZipLib.Zip;

namespace TraceReplay.Parsers.Containers;

/// <summary>Content of one member of a zip archive; what SharpZipLib throws becomes <see cref="InvalidDataException"/>.</summary>
internal sealed class ZipMember(ZipInputStream reader, byte[] buffer, ContentBudget budget) : ReadOnlyStream
{
    private bool _isOver;
    private string? _damage;

    /// <summary>Whether an exception of the library speaks of the content.</summary>
    /// <param name="e">The exception.</param>
    /// <returns>False for what is not the content's fault, or is told already.</returns>
    public static bool IsDamage(Exception e) => e is not (InvalidDataException or OutOfMemoryException or OperationCanceledException);

    /// <inheritdoc/>
    public override int Read(Span<byte> target)
    {
        if (_isOver)
        {
            return 0;
        }

        try
        {
            var read = reader.Read(buffer, 0, Math.Min(target.Length, buffer.Length));
            _isOver = read <= 0;
            buffer.AsSpan(0, Math.Max(read, 0)).CopyTo(target);
            return budget.Spend(Math.Max(read, 0)) is { } reason ? throw new InvalidDataException(reason) : Math.Max(read, 0);
        }
        catch (Exception e) when (IsDamage(e))
        {
            _isOver = true;
            _damage = e.Message;
            throw new InvalidDataException("damaged or cut zip member: " + e.Message, e);
        }
    }

    /// <summary>Reads what is left.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public void Drain()
    {
        Span<byte> scratch = stackalloc byte[4096];
        while (Read(scratch) > 0)
        {
        }

        if (_damage is not null)
        {
            throw new InvalidDataException("what stands behind a damaged zip member cannot be read: " + _damage);
        }
    }
}
