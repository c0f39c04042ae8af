using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Bodies of <c>swiotlb:*</c>, <c>dma:*</c> and <c>iommu:*</c> events (spec formats.md 3.1 to 3.3).</summary>
internal sealed class DmaBodies(SourceJob job)
{
    // DMA_MAPPING_ERROR where dma_addr_t has 32 bits.
    internal const ulong MappingError32 = uint.MaxValue;

    private readonly NameCache _devices = new(job.Names);
    private readonly AddressList _dma = new();
    private readonly AddressList _phys = new();
    private readonly AddressList _sizes = new();
    private long _fieldless;

    /// <summary>Reads one body.</summary>
    /// <param name="context">Common part.</param>
    /// <param name="descriptor">The event.</param>
    /// <param name="body">The body.</param>
    public void Event(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body)
    {
        if (descriptor.Body == BodyKind.Bounced)
        {
            Bounced(context, descriptor, body);
            return;
        }

        var whole = body;
        var deviceId = Device(ref body, out var direction);
        if (deviceId == 0 && direction == 255)
        {
            context.Fill(ref job.NewEvent(), EventKind.Other, descriptor.NameId);
            _fieldless++;
            return;
        }

        switch (descriptor.Body)
        {
            case BodyKind.DmaMapSg:
                MapSg(context, descriptor, body, deviceId, direction);
                break;
            case BodyKind.DmaUnmapSg:
                UnmapSg(context, descriptor, body, deviceId, direction);
                break;
            case BodyKind.DmaMapSgError:
                MapSgError(context, descriptor, body, deviceId, direction);
                break;
            case BodyKind.DmaSyncSg:
                SyncSg(context, descriptor, body, deviceId, direction);
                break;
            default:
                if (FieldDump.Is(whole, "device="u8, out var fields))
                {
                    DmaFields.Single(ref New(context, SingleKind(descriptor), descriptor, deviceId, direction), fields);
                }
                else
                {
                    Single(context, descriptor, body, deviceId, direction);
                }

                break;
        }
    }

    /// <summary>Tells of events that had no fields.</summary>
    public void Finish()
    {
        if (_fieldless > 0)
        {
            job.Report(Notice.NoFields, 0, _fieldless.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    /// <summary>Reads <c>map</c> or <c>unmap</c> of the iommu system.</summary>
    /// <param name="context">Common part.</param>
    /// <param name="descriptor">The event.</param>
    /// <param name="body">The body.</param>
    public void Iommu(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body)
    {
        var isMap = descriptor.Name.AsSpan().EndsWith("map"u8) && !descriptor.Name.AsSpan().EndsWith("unmap"u8);
        ref var item = ref job.NewEvent();
        context.Fill(ref item, isMap ? EventKind.IommuMap : EventKind.IommuUnmap, descriptor.NameId);
        _ = FieldDump.Is(body.StartsWith("IOMMU: "u8) ? body["IOMMU: ".Length..] : body, "iova="u8, out var fields);
        if (fields.Address("iova="u8, out var value))
        {
            item.DmaAddr = value;
            item.Fields |= EventFields.DmaAddr;
        }

        if (isMap && fields.Address("paddr="u8, out value))
        {
            item.PhysAddr = value;
            item.Fields |= EventFields.PhysAddr;
        }

        if (fields.Number("size="u8, out value))
        {
            item.Bytes = BodyFields.Signed(value);
            item.Fields |= EventFields.Bytes;
        }
    }

    private void Bounced(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body)
    {
        ref var item = ref job.NewEvent();
        context.Fill(ref item, EventKind.Bounce, descriptor.NameId);
        var at = 0;
        if (FieldDump.Is(body, "dev_name="u8, out var fields))
        {
            DmaFields.Bounced(ref item, fields, _devices);
            return;
        }

        if (!BodyFields.Find(body, " dma_mask="u8, ref at))
        {
            item.Kind = EventKind.Other;
            _fieldless++;
            return;
        }

        const int Label = 10;
        var device = body[..(at - " dma_mask=".Length)];
        item.DeviceId = _devices.Intern(device.StartsWith("dev_name: "u8) ? device[Label..] : device);
        if (Ascii.Hex(body, ref at, out var mask))
        {
            item.Limit = mask;
        }

        if (BodyFields.Hex(body, " dev_addr="u8, ref at, out var address))
        {
            item.PhysAddr = address;
            item.Fields |= EventFields.PhysAddr;
        }

        if (BodyFields.Number(body, " size="u8, ref at, out var size))
        {
            item.Bytes = BodyFields.Signed(size);
            item.Fields |= EventFields.Bytes;
        }

        if (body[at..].StartsWith(" FORCE"u8))
        {
            item.Fields |= EventFields.Forced;
        }
    }

    /// <summary>Takes device and direction off the front. A device name may hold anything but the next key.</summary>
    private int Device(ref ReadOnlySpan<byte> body, out byte direction)
    {
        direction = 255;
        var at = 0;
        if (FieldDump.Is(body, "device="u8, out var fields))
        {
            body = fields.Body;
            direction = fields.Number("dir="u8, out var number) && number <= 3 ? (byte)number : (byte)255;
            return _devices.Intern(fields.Word("device="u8));
        }

        if (!BodyFields.Find(body, " dir="u8, ref at))
        {
            return 0;
        }

        var device = _devices.Intern(body[..(at - " dir=".Length)]);
        body = body[at..];
        direction = Direction(body);
        return device;
    }

    private static byte Direction(ReadOnlySpan<byte> text) => text.IsEmpty ? (byte)255 : text[0] switch
    {
        (byte)'B' => (byte)0,
        (byte)'T' => (byte)1,
        (byte)'F' => (byte)2,
        (byte)'N' => (byte)3,
        (byte)'0' or (byte)'1' or (byte)'2' or (byte)'3' => (byte)(text[0] - '0'),
        _ => (byte)255,
    };

    private ref TraceEvent New(in LineContext context, EventKind kind, EventDescriptor descriptor, int deviceId, byte direction)
    {
        ref var item = ref job.NewEvent();
        context.Fill(ref item, kind, descriptor.NameId);
        item.DeviceId = deviceId;
        item.Direction = direction;
        return ref item;
    }

    private static EventKind SingleKind(EventDescriptor descriptor) => descriptor.Body switch
    {
        BodyKind.DmaMap => EventKind.Map,
        BodyKind.DmaUnmap => EventKind.Unmap,
        BodyKind.DmaAlloc => EventKind.Alloc,
        BodyKind.DmaFree => EventKind.Free,
        _ => EventKind.Sync,
    };

    private void Single(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body, int deviceId, byte direction)
    {
        var kind = SingleKind(descriptor);
        ref var item = ref New(context, kind, descriptor, deviceId, direction);
        var at = 0;
        if (BodyFields.Hex(body, " dma_addr="u8, ref at, out var value))
        {
            item.DmaAddr = value == MappingError32 && kind == EventKind.Map ? TraceEvent.MappingError : value;
            item.Fields |= EventFields.DmaAddr;
        }

        if (BodyFields.Number(body, " size="u8, ref at, out value))
        {
            item.Bytes = BodyFields.Signed(value);
            item.Fields |= EventFields.Bytes;
        }

        if (kind == EventKind.Map && BodyFields.Hex(body, " phys_addr="u8, ref at, out value))
        {
            item.PhysAddr = value;
            item.Fields |= EventFields.PhysAddr;
        }

        // A refused allocation shows as a NULL pointer; its dma_addr may be stale memory (spec 3.2).
        if (kind == EventKind.Alloc && BodyFields.Hex(body, " virt_addr="u8, ref at, out value) && value == 0)
        {
            item.DmaAddr = TraceEvent.MappingError;
            item.Fields |= EventFields.DmaAddr;
        }
    }

    private void MapSg(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body, int deviceId, byte direction)
    {
        _ = _dma.Read(body, "dma_addrs="u8, sizeof(ulong));
        _ = _phys.Read(body, "phys_addrs="u8, sizeof(ulong));
        _ = _sizes.Read(body, "sizes="u8, sizeof(uint)) || _sizes.Read(body, "lengths="u8, sizeof(uint));
        var at = 0;
        var cut = body.IndexOf("[TRUNCATED]"u8) >= 0
            || (BodyFields.Number(body, " truncated="u8, ref at, out var flag) && flag == 1);
        var count = Math.Max(_dma.Count, 1);
        for (var i = 0; i < count; i++)
        {
            ref var item = ref New(context, EventKind.Map, descriptor, deviceId, direction);
            item.Arg = i;
            item.Fields |= EventFields.Arg | (cut ? EventFields.Truncated : EventFields.None);
            Address(ref item, _dma, i);
            Size(ref item, i);

            // Elements that were joined have no one original address each, but the first.
            if (i < _phys.Count && (i == 0 || _phys.Count == _dma.Count))
            {
                item.PhysAddr = _phys[i];
                item.Fields |= EventFields.PhysAddr;
            }
        }
    }

    private void UnmapSg(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body, int deviceId, byte direction)
    {
        _ = _phys.Read(body, "phys_addrs="u8, sizeof(ulong)) || _phys.Read(body, "addrs="u8, sizeof(ulong));
        for (var i = 0; i < Math.Max(_phys.Count, 1); i++)
        {
            ref var item = ref New(context, EventKind.Unmap, descriptor, deviceId, direction);
            item.Arg = i;
            item.Fields |= EventFields.Arg;
            if (i < _phys.Count)
            {
                item.PhysAddr = _phys[i];
                item.Fields |= EventFields.PhysAddr;
            }
        }
    }

    private void MapSgError(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body, int deviceId, byte direction)
    {
        // The kernel labels the physical addresses dma_addrs here (spec 3.2).
        _ = _phys.Read(body, "dma_addrs="u8, sizeof(ulong)) || _phys.Read(body, "phys_addrs="u8, sizeof(ulong));
        ref var item = ref New(context, EventKind.Fail, descriptor, deviceId, direction);
        if (_phys.Count > 0)
        {
            item.PhysAddr = _phys[0];
            item.Fields |= EventFields.PhysAddr;
        }

        var at = 0;
        if (BodyFields.Number(body, " err="u8, ref at, out var error))
        {
            item.Arg = (long)error;
            item.Fields |= EventFields.Arg;
        }
    }

    private void SyncSg(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body, int deviceId, byte direction)
    {
        _ = _dma.Read(body, "dma_addrs="u8, sizeof(ulong));
        _ = _sizes.Read(body, "sizes="u8, sizeof(uint)) || _sizes.Read(body, "lengths="u8, sizeof(uint));
        for (var i = 0; i < Math.Max(_dma.Count, 1); i++)
        {
            ref var item = ref New(context, EventKind.Sync, descriptor, deviceId, direction);
            Address(ref item, _dma, i);
            Size(ref item, i);
        }
    }

    private static void Address(ref TraceEvent item, AddressList list, int index)
    {
        if (index < list.Count)
        {
            item.DmaAddr = list[index];
            item.Fields |= EventFields.DmaAddr;
        }
    }

    private void Size(ref TraceEvent item, int index)
    {
        if (index < _sizes.Count)
        {
            item.Bytes = BodyFields.Signed(_sizes[index]);
            item.Fields |= EventFields.Bytes;
        }
    }
}
