using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.Zip;

namespace TraceReplay.Parsers.Containers;

/// <summary>Content of one member of a zip archive; what SharpZipLib throws becomes <see cref="InvalidDataException"/>.</summary>
internal sealed class ZipMember(ZipInputStream reader, ContentBudget budget) : ReadOnlyStream
{
    private readonly byte[] _buffer = new byte[1 << 16];
    private bool _isOver;

    /// <summary>Whether an exception of the library speaks of the content.</summary>
    /// <param name="e">The exception.</param>
    /// <returns>False for what is not the content's fault.</returns>
    public static bool IsDamage(Exception e) => e is SharpZipBaseException or EndOfStreamException or IndexOutOfRangeException
        or ArgumentException or InvalidOperationException or OverflowException or FormatException or NotSupportedException;

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        if (_isOver)
        {
            return 0;
        }

        try
        {
            var read = reader.Read(_buffer, 0, Math.Min(buffer.Length, _buffer.Length));
            _isOver = read <= 0;
            _buffer.AsSpan(0, Math.Max(read, 0)).CopyTo(buffer);
            return budget.Spend(Math.Max(read, 0)) is { } reason ? throw new InvalidDataException(reason) : Math.Max(read, 0);
        }
        catch (Exception e) when (IsDamage(e))
        {
            _isOver = true;
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
    }
}
