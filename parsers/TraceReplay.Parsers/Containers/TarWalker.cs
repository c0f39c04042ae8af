using System.Text;

namespace TraceReplay.Parsers.Containers;

/// <summary>Walks a tar archive (POSIX ustar and pax, GNU long names) that comes as a stream. What a header claims costs nothing until
/// the bytes are really there.</summary>
internal sealed class TarWalker(Stream content)
{
    private const int BlockBytes = 512;
    private const int MostNameBytes = 1 << 16;

    // Places in a header (POSIX.1-1988, tar.h).
    private const int ModeAt = 100;
    private const int SizeAt = 124;
    private const int TimeAt = 136;
    private const int ChecksumAt = 148;
    private const int TypeAt = 156;
    private const int MagicAt = 257;
    private const int PrefixAt = 345;
    private const int SparseMoreAt = 482;

    private readonly byte[] _block = new byte[BlockBytes];
    private string? _longName;
    private long? _longSize;

    /// <summary>Whether content begins like a tar archive.</summary>
    /// <param name="head">Its first bytes.</param>
    /// <returns>True for ustar, pax and GNU archives.</returns>
    public static bool Recognise(ReadOnlySpan<byte> head) => head.Length > MagicAt + 5 && head.Slice(MagicAt, 5).SequenceEqual("ustar"u8);

    /// <summary>Moves to the next regular file; links, folders and devices are passed over.</summary>
    /// <param name="before">The one before, whose content ends with this call; null at the beginning.</param>
    /// <returns>It, null at the end.</returns>
    /// <exception cref="InvalidDataException">The archive is damaged or cut.</exception>
    public TarMember? Next(TarMember? before)
    {
        before?.Drain();
        while (Header())
        {
            var size = _longSize ?? Size();
            var type = _block[TypeAt];
            switch (type)
            {
                case (byte)'0' or 0 or (byte)'7':
                    var member = new TarMember(content, _longName ?? Name(), size) { Modified = Time() };
                    (_longName, _longSize) = (null, null);
                    return member;
                case (byte)'L':
                    _longName = Words(Taken(Size()));
                    break;
                case (byte)'x':
                    Attributes(Taken(Size()));
                    break;
                case >= (byte)'1' and <= (byte)'6':
                    (_longName, _longSize) = (null, null);
                    break;
                default:
                    Pass(type, size);
                    break;
            }
        }

        return null;
    }

    private static string Words(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }

    private bool Header()
    {
        var have = content.ReadAtLeast(_block, BlockBytes, throwOnEndOfStream: false);
        if (have == 0 || (have == BlockBytes && !_block.AsSpan().ContainsAnyExcept((byte)0)))
        {
            return false;
        }

        if (have < BlockBytes)
        {
            throw new InvalidDataException("the tar archive is cut off");
        }

        var sum = 8 * ' ';
        for (var i = 0; i < BlockBytes; i++)
        {
            sum += i is >= ChecksumAt and < ChecksumAt + 8 ? 0 : _block[i];
        }

        return Octal(_block.AsSpan(ChecksumAt, 8)) == sum ? true : throw new InvalidDataException("damaged tar archive: the checksum of a member's head is wrong");
    }

    private void Pass(byte type, long size)
    {
        // GNU's old sparse files have further heads.
        while (type == (byte)'S' && _block[SparseMoreAt] != 0)
        {
            if (content.ReadAtLeast(_block, BlockBytes, throwOnEndOfStream: false) < BlockBytes)
            {
                throw new InvalidDataException("the tar archive is cut off");
            }

            _block[SparseMoreAt] = _block[504];
        }

        using (var passed = new TarMember(content, string.Empty, size))
        {
            passed.Drain();
        }

        if (type != (byte)'g' && type != (byte)'K')
        {
            (_longName, _longSize) = (null, null);
        }
    }

    /// <summary>Bytes of a member that describes the next one.</summary>
    private byte[] Taken(long size)
    {
        if (size > MostNameBytes)
        {
            throw new InvalidDataException("damaged tar archive: a name of absurd length");
        }

        using var member = new TarMember(content, string.Empty, size);
        var bytes = new byte[size];
        if (member.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new InvalidDataException("the tar archive is cut off");
        }

        member.Drain();
        return bytes;
    }

    /// <summary>Records of pax: <c>length key=value</c> and a line end.</summary>
    private void Attributes(byte[] bytes)
    {
        for (ReadOnlySpan<byte> rest = bytes; !rest.IsEmpty;)
        {
            var at = 0;
            if (!Text.Ascii.Decimal(rest, ref at, out var length) || length > (ulong)rest.Length || (int)length <= at + 1)
            {
                return;
            }

            var record = rest[(at + 1)..(int)length].TrimEnd((byte)'\n');
            if (record.StartsWith("path="u8))
            {
                _longName = Words(record[5..]);
            }
            else if (record.StartsWith("size="u8) && Text.Ascii.Whole(record[5..], out var size) && size <= long.MaxValue)
            {
                _longSize = (long)size;
            }

            rest = rest[(int)length..];
        }
    }

    private string Name()
    {
        var name = Words(_block.AsSpan(0, ModeAt));
        var prefix = _block.AsSpan(MagicAt, 6).SequenceEqual("ustar\0"u8) ? Words(_block.AsSpan(PrefixAt, 155)) : string.Empty;
        return prefix.Length > 0 ? prefix + "/" + name : name;
    }

    /// <summary>Octal digits, or with the top bit set a binary number (GNU).</summary>
    private long Size()
    {
        var field = _block.AsSpan(SizeAt, 12);
        if ((field[0] & 0x80) == 0)
        {
            return Octal(field);
        }

        var value = System.Buffers.Binary.BinaryPrimitives.ReadInt64BigEndian(field[4..]);
        return value >= 0 ? value : throw new InvalidDataException("damaged tar archive: a negative size");
    }

    /// <summary>Seconds since 1970; a field that is none tells nothing.</summary>
    private DateTime? Time()
    {
        const long Most = 253_402_300_799;
        long value = 0;
        var digits = _block.AsSpan(TimeAt, 12).Trim(" \0"u8);
        foreach (var digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                return null;
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return value is > 0 and <= Most ? DateTime.UnixEpoch.AddSeconds(value) : null;
    }

    private static long Octal(ReadOnlySpan<byte> field)
    {
        long value = 0;
        foreach (var digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7')
            {
                throw new InvalidDataException("damaged tar archive: a number is none");
            }

            value = (value << 3) | (uint)(digit - '0');
        }

        return value;
    }
}

/// <summary>Content of one member of a tar archive.</summary>
internal sealed class TarMember(Stream archive, string name, long size) : ReadOnlyStream
{
    private const int BlockBytes = 512;

    // Members fill whole blocks.
    private readonly long _padding = (BlockBytes - (size % BlockBytes)) % BlockBytes;
    private long _left = size;
    private bool _isDrained;

    /// <summary>Its path.</summary>
    public string Name => name;

    /// <summary>When it was last changed, UTC; null if that is not told.</summary>
    public DateTime? Modified { get; init; }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        var want = (int)Math.Min(buffer.Length, _left);
        if (want == 0)
        {
            return 0;
        }

        var read = archive.Read(buffer[..want]);
        _left -= read;
        return read;
    }

    /// <summary>Moves behind it.</summary>
    /// <exception cref="InvalidDataException">The archive ends before it does.</exception>
    public void Drain()
    {
        Span<byte> scratch = stackalloc byte[8192];
        while (Read(scratch) > 0)
        {
        }

        if (_left > 0 || (!_isDrained && archive.ReadAtLeast(scratch[..(int)_padding], (int)_padding, throwOnEndOfStream: false) < _padding))
        {
            throw new InvalidDataException("the tar archive is cut off");
        }

        _isDrained = true;
    }
}
