using System.Buffers.Binary;
using System.Text;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Reads numbers and strings of either endianness; a read beyond the end is an <see cref="InvalidDataException"/>.</summary>
internal struct ByteCursor(RandomContent content, bool bigEndian, long at = 0)
{
    private const int LongestText = 1 << 12;

    /// <summary>Where the next read begins.</summary>
    public long At { get; set; } = at;

    /// <summary>Bytes left.</summary>
    public readonly long Left => content.Length - At;

    /// <summary>Reads 16 bits.</summary>
    /// <returns>The number.</returns>
    public ushort U16() => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Take(2)) : BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>Reads 32 bits.</summary>
    /// <returns>The number.</returns>
    public uint U32() => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Take(4)) : BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Reads 64 bits.</summary>
    /// <returns>The number.</returns>
    public ulong U64() => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(Take(8)) : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Reads a 64-bit offset or size.</summary>
    /// <returns>The number; what no file can have becomes the largest, and fails when it is used.</returns>
    public long Offset() => (long)Math.Min(U64(), long.MaxValue);

    /// <summary>Reads a few bytes.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The bytes; valid until the next read.</returns>
    public ReadOnlySpan<byte> Take(int count)
    {
        var bytes = content.Window(At, count);
        At += count;
        return bytes;
    }

    /// <summary>Reads bytes that are kept.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The bytes.</returns>
    public ReadOnlyMemory<byte> Slice(long count)
    {
        var part = content.Slice(At, count);
        At += count;
        return part;
    }

    /// <summary>Reads text up to a NUL.</summary>
    /// <returns>The text.</returns>
    public string Text()
    {
        var most = content.Window(At, (int)Math.Clamp(Left, 0, LongestText));
        var end = most.IndexOf((byte)0);
        if (end < 0)
        {
            throw new InvalidDataException("the file ends within a text");
        }

        At += end + 1;
        return Encoding.UTF8.GetString(most[..end]);
    }

    /// <summary>Reads a byte count of 64 bits and that many bytes.</summary>
    /// <returns>The bytes.</returns>
    public ReadOnlyMemory<byte> Sized64() => Slice(Offset());
}
