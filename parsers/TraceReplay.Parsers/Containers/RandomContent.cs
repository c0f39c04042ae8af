using Microsoft.Win32.SafeHandles;

namespace TraceReplay.Parsers.Containers;

/// <summary>Content that is read at any place: small content in memory, large content in its file or, where it was compressed or came
/// through a pipe, in a temporary file without a name. Memory stays flat whatever the content's size.</summary>
internal sealed class RandomContent : IDisposable
{
    /// <summary>Content up to this size is kept in memory.</summary>
    public const int MostInMemory = 32 << 20;

    /// <summary>Largest part that is handed out as one piece: the symbols of a kernel are about 12 MiB.</summary>
    public const int MostSlice = 64 << 20;

    /// <summary>Largest window.</summary>
    public const int MostWindow = 1 << 17;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly SafeFileHandle? _file;
    private readonly IDisposable? _owner;
    private readonly byte[] _window = [];
    private long _windowAt;
    private int _windowLength;

    /// <summary>Wraps bytes in memory.</summary>
    /// <param name="memory">The bytes.</param>
    public RandomContent(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        Length = memory.Length;
    }

    private RandomContent(SafeFileHandle file, long length, IDisposable owner)
    {
        (_file, Length, _owner) = (file, length, owner);
        _window = new byte[MostWindow];
    }

    /// <summary>Bytes in all.</summary>
    public long Length { get; }

    /// <summary>Whether the bytes are in memory, so that slices cost nothing.</summary>
    public bool IsInMemory => _file is null;

    /// <summary>Takes the content of a source.</summary>
    /// <param name="job">The source.</param>
    /// <returns>Its content.</returns>
    /// <exception cref="IOException">There is no room for a temporary file.</exception>
    public static RandomContent Of(SourceJob job)
    {
        using var memory = new MemoryStream();
        TempFile? file = null;
        while (job.Pump.Take() is { } block)
        {
            job.Tick();
            if (file is null && memory.Length + block.Length > MostInMemory)
            {
                if (job.PlainPath is { } path)
                {
                    job.Pump.Return(block);
                    return OfFile(path);
                }

                file = new TempFile();
                file.Append(memory.GetBuffer().AsSpan(0, (int)memory.Length));
            }

            var bytes = block.Bytes.AsSpan(BlockPump.Headroom, block.Length);
            if (file is null)
            {
                memory.Write(bytes);
            }
            else
            {
                file.Append(bytes);
            }

            job.Pump.Return(block);
        }

        return file is null ? new RandomContent(memory.GetBuffer().AsMemory(0, (int)memory.Length)) : new RandomContent(file.Handle, file.Length, file);
    }

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>Its content, whatever its size.</returns>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static RandomContent OfFile(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new RandomContent(handle, RandomAccess.GetLength(handle), handle);
    }

    /// <summary>A few bytes.</summary>
    /// <param name="at">Where they begin.</param>
    /// <param name="count">How many, at most <see cref="MostWindow"/>.</param>
    /// <returns>The bytes; valid until the next call.</returns>
    /// <exception cref="InvalidDataException">They lie beyond the end.</exception>
    public ReadOnlySpan<byte> Window(long at, int count)
    {
        if (at < 0 || count < 0 || at > Length - count)
        {
            throw new InvalidDataException("the file ends within a structure");
        }

        if (_file is null)
        {
            return _memory.Span.Slice((int)at, count);
        }

        if (at < _windowAt || at + count > _windowAt + _windowLength)
        {
            _windowAt = at;
            _windowLength = Fill(at, _window);
            if (_windowLength < count)
            {
                throw new InvalidDataException("the file became shorter while it was read");
            }
        }

        return _window.AsSpan((int)(at - _windowAt), count);
    }

    /// <summary>A part that may be kept.</summary>
    /// <param name="at">Where it begins.</param>
    /// <param name="count">How many bytes, at most <see cref="MostSlice"/>.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="InvalidDataException">It lies beyond the end, or is too large.</exception>
    public ReadOnlyMemory<byte> Slice(long at, long count)
    {
        if (at < 0 || count < 0 || count > Length - at)
        {
            throw new InvalidDataException("the file ends within a structure");
        }

        if (_file is null)
        {
            return _memory.Slice((int)at, (int)count);
        }

        if (count > MostSlice)
        {
            throw new InvalidDataException("a structure claims an absurd size");
        }

        var bytes = new byte[count];
        return Fill(at, bytes) == count ? bytes : throw new InvalidDataException("the file became shorter while it was read");
    }

    /// <summary>Reads bytes into a buffer.</summary>
    /// <param name="at">Where they begin.</param>
    /// <param name="buffer">Where they go.</param>
    /// <returns>How many there were.</returns>
    public int Read(long at, Span<byte> buffer)
    {
        buffer = buffer[..(int)Math.Clamp(Length - at, 0, buffer.Length)];
        if (_file is null)
        {
            _memory.Span.Slice((int)at, buffer.Length).CopyTo(buffer);
            return buffer.Length;
        }

        return Fill(at, buffer);
    }

    /// <inheritdoc/>
    public void Dispose() => _owner?.Dispose();

    private int Fill(long at, Span<byte> buffer)
    {
        var filled = 0;
        for (int read; filled < buffer.Length && (read = RandomAccess.Read(_file!, buffer[filled..], at + filled)) > 0;)
        {
            filled += read;
        }

        return filled;
    }
}
