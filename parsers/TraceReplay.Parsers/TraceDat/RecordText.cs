using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Renders binary records the way ftrace prints them, so that binary and text go through the same readers.</summary>
internal sealed class RecordText(bool bigEndian, int longBytes, SymbolTable symbols)
{
    private const int MostPlaces = 1 << 16;

    private readonly TextBuffer _text = new();
    private readonly Dictionary<ulong, byte[]> _places = [];
    private readonly Dictionary<int, BodyPlan> _plans = [];

    /// <summary>Renders the body of an event.</summary>
    /// <param name="layout">Its layout.</param>
    /// <param name="record">Its bytes.</param>
    /// <returns>The body; valid until the next call.</returns>
    public ReadOnlySpan<byte> Body(EventLayout layout, ReadOnlySpan<byte> record)
    {
        if (!_plans.TryGetValue(layout.Id, out var plan))
        {
            _plans[layout.Id] = plan = BodyPlan.Of(layout);
        }

        _text.Clear();
        foreach (ref readonly var part in plan.Parts)
        {
            Render(part, record);
        }

        return _text.Span;
    }

    /// <summary>Calls an action with the name of every call site of a stack record.</summary>
    /// <param name="layout">Layout of kernel_stack.</param>
    /// <param name="record">Its bytes.</param>
    /// <param name="lines">Where frames go.</param>
    public void Stack(EventLayout layout, ReadOnlySpan<byte> record, TraceLines lines)
    {
        var end = longBytes == 8 ? ulong.MaxValue : uint.MaxValue;
        for (var at = layout.Find("caller")?.Offset ?? record.Length; at >= 0 && at + longBytes <= record.Length; at += longBytes)
        {
            var address = longBytes == 8 ? U64(record[at..]) : U32(record[at..]);
            if (address == end)
            {
                break;
            }

            lines.AddFrame(Place(address));
        }
    }

    /// <summary>Function name of an address, or the address where it is not known.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The name as bytes.</returns>
    public byte[] Place(ulong address)
    {
        if (_places.TryGetValue(address, out var known))
        {
            return known;
        }

        var name = symbols.Find(address);
        known = name.IsEmpty ? Encoding.ASCII.GetBytes(address.ToString("x", CultureInfo.InvariantCulture)) : name.ToArray();
        if (_places.Count < MostPlaces)
        {
            _places[address] = known;
        }

        return known;
    }

    private void Render(in BodyPart part, ReadOnlySpan<byte> record)
    {
        var field = part.Field;
        switch (part.Style)
        {
            case FieldStyle.Decimal when field.IsSigned:
                _text.Add(part.Prefix, Value(field, record));
                break;
            case FieldStyle.Decimal:
                _text.Add(part.Prefix, (ulong)Value(field, record));
                break;
            case FieldStyle.Hex:
                _text.AddHex(part.Prefix, (ulong)Value(field, record));
                break;
            case FieldStyle.Sectors:
                var sectors = Sectors(Bytes(field, record));
                if (sectors >= 0)
                {
                    _text.Add(part.Prefix, sectors);
                }

                break;
            case FieldStyle.BlockDevice:
                // dev_t: 12 bits major, 20 bits minor (include/linux/kdev_t.h).
                var device = Value(field, record);
                _text.Add(part.Prefix, device >> 20);
                _text.Add(","u8, device & 0xfffff);
                break;
            default:
                _text.Add(part.Prefix);
                Words(part.Style, field, record);
                break;
        }
    }

    private void Words(FieldStyle style, EventField field, ReadOnlySpan<byte> record)
    {
        switch (style)
        {
            case FieldStyle.Chars:
                _text.Add(Chars(field, record));
                break;
            case FieldStyle.Quoted:
                _text.Add("\""u8);
                _text.Add(Chars(field, record));
                _text.Add("\""u8);
                break;
            case FieldStyle.Buffer:
                _text.Add(Bytes(field, record).TrimEnd("\0\n"u8));
                break;
            case FieldStyle.List:
                List(field, record);
                break;
            case FieldStyle.Place:
                _text.Add(Place((ulong)Value(field, record)));
                break;
            case FieldStyle.Force:
                // enum swiotlb_force: NORMAL 0, FORCE 1, NO_FORCE 2; later a bool.
                _text.Add(Value(field, record) == 1 ? "FORCE"u8 : "NORMAL"u8);
                break;
            default:
                break;
        }
    }

    /// <summary>Transfer length of READ and WRITE commands (SBC).</summary>
    private static long Sectors(ReadOnlySpan<byte> command) => command switch
    {
        [0x08 or 0x0a, _, _, _, var length, ..] => length == 0 ? 256 : length,
        [0x28 or 0x2a, _, _, _, _, _, _, var high, var low, ..] => (high << 8) | low,
        [0xa8 or 0xaa, ..] when command.Length >= 10 => BinaryPrimitives.ReadUInt32BigEndian(command[6..]),
        [0x88 or 0x8a, ..] when command.Length >= 14 => BinaryPrimitives.ReadUInt32BigEndian(command[10..]),
        _ => -1,
    };

    private void List(EventField field, ReadOnlySpan<byte> record)
    {
        var bytes = Bytes(field, record);
        var width = field.Name is "lengths" or "sizes" ? 4 : 8;
        _text.Add("{"u8);
        for (var at = 0; at + width <= bytes.Length; at += width)
        {
            _text.AddHex(at == 0 ? "0x"u8 : ",0x"u8, width == 8 ? U64(bytes[at..]) : U32(bytes[at..]));
        }

        _text.Add("}"u8);
    }

    private ReadOnlySpan<byte> Chars(EventField field, ReadOnlySpan<byte> record)
    {
        var bytes = Bytes(field, record);
        var end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }

    private ReadOnlySpan<byte> Bytes(EventField field, ReadOnlySpan<byte> record)
    {
        if (field.Offset < 0 || field.Offset > record.Length)
        {
            return default;
        }

        var (start, length) = (field.Offset, field.Size <= 0 ? record.Length - field.Offset : field.Size);
        if (field.IsDynamic)
        {
            if (field.Offset > record.Length - 4)
            {
                return default;
            }

            var location = U32(record[field.Offset..]);
            start = (int)(location & 0xffff) + (field.IsRelative ? field.Offset + 4 : 0);
            length = (int)(location >> 16);
        }

        return start >= record.Length ? default : record.Slice(start, Math.Min(length, record.Length - start));
    }

    private long Value(EventField field, ReadOnlySpan<byte> record)
    {
        if (field.Offset < 0 || field.Size is not (1 or 2 or 4 or 8) || field.Offset > record.Length - field.Size)
        {
            return 0;
        }

        var at = record[field.Offset..];
        ulong raw = field.Size switch
        {
            1 => at[0],
            2 => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(at) : BinaryPrimitives.ReadUInt16LittleEndian(at),
            4 => U32(at),
            _ => U64(at),
        };
        var unused = 64 - (field.Size * 8);
        return field.IsSigned ? (long)(raw << unused) >> unused : (long)raw;
    }

    private uint U32(ReadOnlySpan<byte> at) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(at) : BinaryPrimitives.ReadUInt32LittleEndian(at);

    private ulong U64(ReadOnlySpan<byte> at) => bigEndian ? BinaryPrimitives.ReadUInt64BigEndian(at) : BinaryPrimitives.ReadUInt64LittleEndian(at);
}
