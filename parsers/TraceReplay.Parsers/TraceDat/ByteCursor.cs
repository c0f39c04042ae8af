using System.Buffers.Binary;
using System.Text;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Reads numbers and strings of either endianness; a read beyond the end is an <see cref="InvalidDataException"/>.</summary>
internal struct ByteCursor(ReadOnlyMemory<byte> data, bool bigEndian, long at = 0)
{
    /// <summary>Where the next read begins.</summary>
    public long At { get; set; } = at;

    /// <summary>Bytes left.</summary>
    public readonly long Left => data.Length - At;

    /// <summary>Whether numbers are big endian.</summary>
    public readonly bool BigEndian => bigEndian;

    /// <summary>Reads 16 bits.</summary>
    /// <returns>The number.</returns>
    public ushort U16() => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(Take(2)) : BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    /// <summary>Reads 32 bits.</summary>
    /// <returns>The number.</returns>
    public uint U32() => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(Take(4)) : BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    /// <summary>Reads 64 bits.</summary>
    /// <returns>The number.</returns>
    public ulong U64() => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(Take(8)) : BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    /// <summary>Reads bytes.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The bytes.</returns>
    public ReadOnlySpan<byte> Take(long count) => Slice(count).Span;

    /// <summary>Reads bytes that are kept.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The bytes.</returns>
    public ReadOnlyMemory<byte> Slice(long count)
    {
        if (count < 0 || At < 0 || count > data.Length - At)
        {
            throw new InvalidDataException("the file ends within a structure");
        }

        var part = data.Slice((int)At, (int)count);
        At += count;
        return part;
    }

    /// <summary>Reads text up to a NUL.</summary>
    /// <returns>The text.</returns>
    public string Text()
    {
        if (At < 0 || At > data.Length)
        {
            throw new InvalidDataException("the file ends within a structure");
        }

        var rest = data.Span[(int)At..];
        var end = rest.IndexOf((byte)0);
        if (end < 0)
        {
            throw new InvalidDataException("the file ends within a text");
        }

        At += end + 1;
        return Encoding.UTF8.GetString(rest[..end]);
    }

    /// <summary>Reads a byte count of 64 bits and that many bytes.</summary>
    /// <returns>The bytes.</returns>
    public ReadOnlyMemory<byte> Sized64() => Slice(checked((long)Math.Min(U64(), long.MaxValue)));
}
