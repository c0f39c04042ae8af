using System.Buffers.Binary;

namespace TraceReplay.Parsers.PerfData;

/// <summary>Reads little-endian numbers of one record; beyond its end they are 0 and <see cref="IsCut"/> is set.</summary>
internal ref struct SpanCursor(ReadOnlySpan<byte> record)
{
    private readonly ReadOnlySpan<byte> _record = record;

    /// <summary>Where the next read begins.</summary>
    public int At { get; private set; }

    /// <summary>More was read than there is.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads 32 bits.</summary>
    /// <returns>The number.</returns>
    public uint U32() => Take(4) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    /// <summary>Reads 64 bits.</summary>
    /// <returns>The number.</returns>
    public ulong U64() => Take(8) is { IsEmpty: false } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>Reads bytes.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The bytes, none if there are not so many.</returns>
    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(_record.Length - At))
        {
            IsCut = true;
            At = _record.Length;
            return default;
        }

        var bytes = _record.Slice(At, (int)count);
        At += (int)count;
        return bytes;
    }
}
