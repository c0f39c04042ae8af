using TraceReplay.Core;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Raw fields of <c>swiotlb:*</c> and <c>dma:*</c> events (spec formats.md 2.2): the names of the records, in their order.</summary>
internal static class DmaFields
{
    /// <summary>Reads <c>swiotlb_bounced</c>.</summary>
    /// <param name="item">The event begun.</param>
    /// <param name="fields">Its fields.</param>
    /// <param name="devices">Names of devices.</param>
    public static void Bounced(ref TraceEvent item, FieldDump fields, NameCache devices)
    {
        item.DeviceId = devices.Intern(fields.Word("dev_name="u8));
        item.Limit = fields.Address("dma_mask="u8, out var value) ? value : 0;
        if (fields.Address("dev_addr="u8, out value))
        {
            item.PhysAddr = value;
            item.Fields |= EventFields.PhysAddr;
        }

        if (fields.Number("size="u8, out value))
        {
            item.Bytes = BodyFields.Signed(value);
            item.Fields |= EventFields.Bytes;
        }

        // enum swiotlb_force: FORCE is 1; later a bool.
        if ((fields.Number("force="u8, out value) || fields.Number("swiotlb_force="u8, out value)) && value == 1)
        {
            item.Fields |= EventFields.Forced;
        }
    }

    /// <summary>Reads a mapping, allocation or their release of one address.</summary>
    /// <param name="item">The event begun.</param>
    /// <param name="fields">Its fields.</param>
    public static void Single(ref TraceEvent item, FieldDump fields)
    {
        if (fields.Address("dma_addr="u8, out var value) || fields.Address("addr="u8, out value))
        {
            item.DmaAddr = value == DmaBodies.MappingError32 && item.Kind == EventKind.Map ? TraceEvent.MappingError : value;
            item.Fields |= EventFields.DmaAddr;
        }

        if (fields.Number("size="u8, out value))
        {
            item.Bytes = BodyFields.Signed(value);
            item.Fields |= EventFields.Bytes;
        }

        if (item.Kind == EventKind.Map && fields.Address("phys_addr="u8, out value))
        {
            item.PhysAddr = value;
            item.Fields |= EventFields.PhysAddr;
        }

        if (item.Kind == EventKind.Alloc && fields.Address("virt_addr="u8, out value) && value == 0)
        {
            item.DmaAddr = TraceEvent.MappingError;
            item.Fields |= EventFields.DmaAddr;
        }
    }
}
