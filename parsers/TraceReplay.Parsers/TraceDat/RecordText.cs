using System.Buffers.Binary;
using TraceReplay.Parsers.Ftrace;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Renders binary records the way ftrace prints them, so that binary and text go through the same readers.</summary>
internal sealed class RecordText(bool bigEndian, SymbolTable symbols)
{
    private readonly TextBuffer _text = new();
    private readonly Dictionary<ulong, byte[]> _places = [];

    /// <summary>Renders the body of an event.</summary>
    /// <param name="layout">Its layout.</param>
    /// <param name="record">Its bytes.</param>
    /// <returns>The body; valid until the next call.</returns>
    public ReadOnlySpan<byte> Body(EventLayout layout, ReadOnlySpan<byte> record)
    {
        _text.Clear();
        switch (layout.Name)
        {
            case "swiotlb_bounced":
                Bounced(layout, record);
                break;
            case "map" or "unmap" when layout.Find("iova") is not null:
                Iommu(layout, record);
                break;
            case "block_rq_issue" or "block_rq_complete" or "block_rq_requeue":
                Block(layout, record);
                break;
            case "print":
                _text.Add(Bytes(layout.Find("buf"), record));
                return _text.Span.TrimEnd("\0\n"u8);
            case "net_dev_start_xmit":
                _text.Add("dev="u8);
                _text.Add(Chars(layout.Find("name"), record));
                _text.Add(" queue_mapping="u8, Value(layout, "queue_mapping", record));
                _text.Add(" len="u8, Value(layout, "len", record));
                break;
            default:
                Other(layout, record);
                break;
        }

        return _text.Span;
    }

    /// <summary>Calls an action with the name of every call site of a stack record.</summary>
    /// <param name="layout">Layout of kernel_stack.</param>
    /// <param name="record">Its bytes.</param>
    /// <param name="lines">Where frames go.</param>
    public void Stack(EventLayout layout, ReadOnlySpan<byte> record, TraceLines lines)
    {
        var caller = layout.Find("caller");
        for (var at = caller?.Offset ?? record.Length; at + 8 <= record.Length; at += 8)
        {
            var address = U64(record[at..]);
            if (address == ulong.MaxValue)
            {
                break;
            }

            lines.AddFrame(Place(address));
        }
    }

    private void Other(EventLayout layout, ReadOnlySpan<byte> record)
    {
        if (layout.Name.StartsWith("dma_", StringComparison.Ordinal) && layout.Find("device") is { } device)
        {
            Dma(layout, device, record);
        }
        else if (layout.Name.StartsWith("scsi_dispatch_cmd", StringComparison.Ordinal))
        {
            Scsi(layout, record);
        }
        else if (layout.Find("__probe_ip") is { } place)
        {
            _text.Add("("u8);
            _text.Add(Place((ulong)Value(place, record)));
            _text.Add(")"u8);
            Fields(layout, record);
        }
        else if (layout.Find("__probe_func") is { } function)
        {
            _text.Add("(caller <- "u8);
            _text.Add(Place((ulong)Value(function, record)));
            _text.Add(")"u8);
            Fields(layout, record);
        }
        else
        {
            Fields(layout, record);
        }
    }

    /// <summary>Fields in the order of the print format, under its names: the record calls a bus address that is given back
    /// just <c>addr</c>.</summary>
    private void Dma(EventLayout layout, EventField device, ReadOnlySpan<byte> record)
    {
        _text.Add(Chars(device, record));
        _text.Add(" dir="u8, Value(layout, "dir", record));
        if ((layout.Find("dma_addr") ?? layout.Find("addr")) is { IsArray: false } address)
        {
            _text.AddHex(" dma_addr="u8, (ulong)Value(address, record));
        }

        if (layout.Find("size") is { } size)
        {
            _text.Add(" size="u8, Value(size, record));
        }

        foreach (var field in layout.Fields.Where(f => f.Name is "phys_addr" or "virt_addr"))
        {
            _text.AddHex(field.Name == "phys_addr" ? " phys_addr="u8 : " virt_addr="u8, (ulong)Value(field, record));
        }

        foreach (var field in layout.Fields.Where(f => f.IsArray && !ReferenceEquals(f, device)))
        {
            _text.Add(" "u8);
            _text.Add(System.Text.Encoding.UTF8.GetBytes(field.Name));
            _text.Add("="u8);
            List(field, record);
        }

        if (layout.Find("truncated") is { } truncated)
        {
            _text.Add(" truncated="u8, Value(truncated, record));
        }
    }

    private void Bounced(EventLayout layout, ReadOnlySpan<byte> record)
    {
        _text.Add("dev_name: "u8);
        _text.Add(Chars(layout.Find("dev_name"), record));
        _text.AddHex(" dma_mask="u8, (ulong)Value(layout, "dma_mask", record));
        _text.AddHex(" dev_addr="u8, (ulong)Value(layout, "dev_addr", record));
        _text.Add(" size="u8, Value(layout, "size", record));

        // enum swiotlb_force: NORMAL 0, FORCE 1, NO_FORCE 2; later a bool.
        var force = layout.Find("force") ?? layout.Find("swiotlb_force");
        _text.Add(Value(force, record) == 1 ? " FORCE"u8 : " NORMAL"u8);
    }

    private void Iommu(EventLayout layout, ReadOnlySpan<byte> record)
    {
        _text.AddHex("IOMMU: iova=0x"u8, (ulong)Value(layout, "iova", record));
        if (layout.Find("paddr") is { } physical)
        {
            _text.AddHex(" paddr=0x"u8, (ulong)Value(physical, record));
        }

        _text.Add(" size="u8, Value(layout, "size", record));
    }

    private void Block(EventLayout layout, ReadOnlySpan<byte> record)
    {
        // dev_t: 12 bits major, 20 bits minor (include/linux/kdev_t.h).
        var device = Value(layout, "dev", record);
        _text.Add(default, device >> 20);
        _text.Add(","u8, device & 0xfffff);
        _text.Add(" "u8);
        _text.Add(Chars(layout.Find("rwbs"), record));
        if (layout.Find("bytes") is { } bytes)
        {
            _text.Add(" "u8, Value(bytes, record));
        }

        _text.Add(" () "u8, (ulong)Value(layout, "sector", record));
        _text.Add(" + "u8, Value(layout, "nr_sector", record));
    }

    private void Scsi(EventLayout layout, ReadOnlySpan<byte> record)
    {
        _text.Add("host_no="u8, Value(layout, "host_no", record));
        _text.Add(" channel="u8, Value(layout, "channel", record));
        _text.Add(" id="u8, Value(layout, "id", record));
        _text.Add(" lun="u8, Value(layout, "lun", record));
        _text.Add(" data_sgl="u8, Value(layout, "data_sglen", record));
        if (layout.Find("driver_tag") is { } tag)
        {
            _text.Add(" driver_tag="u8, Value(tag, record));
        }

        var sectors = Sectors(Bytes(layout.Find("cmnd"), record));
        if (sectors >= 0)
        {
            _text.Add(" txlen="u8, sectors);
        }

        if (layout.Find("rtn") is { } result)
        {
            _text.Add(" rtn="u8, Value(result, record));
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

    private void Fields(EventLayout layout, ReadOnlySpan<byte> record)
    {
        foreach (var field in layout.Fields)
        {
            if (field.Name.StartsWith("__probe", StringComparison.Ordinal))
            {
                continue;
            }

            _text.Add(" "u8);
            _text.Add(System.Text.Encoding.UTF8.GetBytes(field.Name));
            _text.Add("="u8);
            if (field.IsArray && field.IsText)
            {
                _text.Add("\""u8);
                _text.Add(Chars(field, record));
                _text.Add("\""u8);
            }
            else if (field.IsArray)
            {
                List(field, record);
            }
            else
            {
                Scalar(field, record);
            }
        }
    }

    private void Scalar(EventField field, ReadOnlySpan<byte> record)
    {
        var value = Value(field, record);
        if (field.IsSigned || value >= 0)
        {
            _text.Add(default, value);
        }
        else
        {
            _text.Add(default, (ulong)value);
        }
    }

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
        known = name.IsEmpty ? System.Text.Encoding.ASCII.GetBytes(address.ToString("x", System.Globalization.CultureInfo.InvariantCulture)) : name.ToArray();
        if (_places.Count < 1 << 16)
        {
            _places[address] = known;
        }

        return known;
    }

    private ReadOnlySpan<byte> Chars(EventField? field, ReadOnlySpan<byte> record)
    {
        var bytes = Bytes(field, record);
        var end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }

    private ReadOnlySpan<byte> Bytes(EventField? field, ReadOnlySpan<byte> record)
    {
        if (field is null || field.Offset > record.Length)
        {
            return default;
        }

        var (start, length) = (field.Offset, field.Size == 0 ? record.Length - field.Offset : field.Size);
        if (field.IsDynamic)
        {
            if (field.Offset + 4 > record.Length)
            {
                return default;
            }

            var location = U32(record[field.Offset..]);
            start = (int)(location & 0xffff) + (field.IsRelative ? field.Offset + 4 : 0);
            length = (int)(location >> 16);
        }

        return start >= record.Length ? default : record.Slice(start, Math.Min(length, record.Length - start));
    }

    private long Value(EventLayout layout, string name, ReadOnlySpan<byte> record) => Value(layout.Find(name), record);

    private long Value(EventField? field, ReadOnlySpan<byte> record)
    {
        if (field is null || field.Size is not (1 or 2 or 4 or 8) || field.Offset + field.Size > record.Length)
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
