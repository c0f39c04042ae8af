using System.Text;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>How a field is printed.</summary>
internal enum FieldStyle : byte
{
    /// <summary>Decimal, signed where the field is.</summary>
    Decimal,

    /// <summary>Hexadecimal without <c>0x</c>.</summary>
    Hex,

    /// <summary>Characters up to a NUL.</summary>
    Chars,

    /// <summary>The same in double quotes.</summary>
    Quoted,

    /// <summary>Characters to the field's end, without line ends and NULs behind them.</summary>
    Buffer,

    /// <summary>Hexadecimal elements in braces.</summary>
    List,

    /// <summary>Name of the function an address lies in.</summary>
    Place,

    /// <summary>A block device as <c>major,minor</c>.</summary>
    BlockDevice,

    /// <summary><c>FORCE</c> or <c>NORMAL</c>.</summary>
    Force,

    /// <summary>Transfer length of a SCSI command, left out where it has none.</summary>
    Sectors,

    /// <summary>Nothing: a closing text alone.</summary>
    Nothing,
}

/// <summary>One step of a plan.</summary>
/// <param name="Prefix">What stands in front.</param>
/// <param name="Style">How the field is printed.</param>
/// <param name="Field">The field.</param>
internal readonly record struct BodyPart(byte[] Prefix, FieldStyle Style, EventField Field);

/// <summary>The steps that render an event the way ftrace prints it; made once per event of a file.</summary>
internal sealed class BodyPlan
{
    private static readonly EventField None = new(string.Empty, 0, 0, false, false, false, false, false);

    private readonly List<BodyPart> _parts = [];
    private readonly EventLayout _layout;

    private BodyPlan(EventLayout layout) => _layout = layout;

    /// <summary>The steps.</summary>
    public ReadOnlySpan<BodyPart> Parts => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_parts);

    /// <summary>Makes the plan of an event.</summary>
    /// <param name="layout">Its layout.</param>
    /// <returns>The plan.</returns>
    public static BodyPlan Of(EventLayout layout)
    {
        var plan = new BodyPlan(layout);
        switch (layout.Name)
        {
            case "swiotlb_bounced":
                plan.Bounced();
                break;
            case "map" or "unmap" when layout.Find("iova") is not null:
                plan.Add("IOMMU: iova=0x", FieldStyle.Hex, "iova").Add(" paddr=0x", FieldStyle.Hex, "paddr").Add(" size=", FieldStyle.Decimal, "size");
                break;
            case "block_rq_issue" or "block_rq_complete" or "block_rq_requeue":
                plan.Add(string.Empty, FieldStyle.BlockDevice, "dev").Add(" ", FieldStyle.Chars, "rwbs").Add(" ", FieldStyle.Decimal, "bytes")
                    .Add(" () ", FieldStyle.Decimal, "sector").Add(" + ", FieldStyle.Decimal, "nr_sector");
                break;
            case "print" when layout.Find("buf") is not null:
                plan.Add(string.Empty, FieldStyle.Buffer, "buf");
                break;
            case "net_dev_start_xmit":
                plan.Add("dev=", FieldStyle.Chars, "name").Add(" queue_mapping=", FieldStyle.Decimal, "queue_mapping").Add(" len=", FieldStyle.Decimal, "len");
                break;
            default:
                plan.Other();
                break;
        }

        return plan;
    }

    private void Other()
    {
        if (_layout.Name.StartsWith("dma_", StringComparison.Ordinal) && _layout.Find("device") is not null)
        {
            Dma();
        }
        else if (_layout.Name.StartsWith("scsi_dispatch_cmd", StringComparison.Ordinal))
        {
            Add("host_no=", FieldStyle.Decimal, "host_no").Add(" channel=", FieldStyle.Decimal, "channel").Add(" id=", FieldStyle.Decimal, "id")
                .Add(" lun=", FieldStyle.Decimal, "lun").Add(" data_sgl=", FieldStyle.Decimal, "data_sglen").Add(" driver_tag=", FieldStyle.Decimal, "driver_tag")
                .Add(" txlen=", FieldStyle.Sectors, "cmnd").Add(" rtn=", FieldStyle.Decimal, "rtn");
        }
        else
        {
            if (_layout.Find("__probe_ip") is not null)
            {
                Add("(", FieldStyle.Place, "__probe_ip").Add(")");
            }
            else if (_layout.Find("__probe_func") is not null)
            {
                Add("(caller <- ", FieldStyle.Place, "__probe_func").Add(")");
            }

            Fields();
        }
    }

    private void Bounced() =>
        Add("dev_name: ", FieldStyle.Chars, "dev_name").Add(" dma_mask=", FieldStyle.Hex, "dma_mask").Add(" dev_addr=", FieldStyle.Hex, "dev_addr")
            .Add(" size=", FieldStyle.Decimal, "size").Add(" ", FieldStyle.Force, _layout.Find("force") is null ? "swiotlb_force" : "force");

    /// <summary>Fields in the order of the print format, under its names: the record calls a bus address that is given back
    /// just <c>addr</c>.</summary>
    private void Dma()
    {
        Add(string.Empty, FieldStyle.Chars, "device").Add(" dir=", FieldStyle.Decimal, "dir");
        var address = _layout.Find("dma_addr") is null ? "addr" : "dma_addr";
        if (_layout.Find(address) is { IsArray: false })
        {
            Add(" dma_addr=", FieldStyle.Hex, address);
        }

        Add(" size=", FieldStyle.Decimal, "size").Add(" phys_addr=", FieldStyle.Hex, "phys_addr").Add(" virt_addr=", FieldStyle.Hex, "virt_addr");
        foreach (var field in _layout.Fields.Where(f => f.IsArray && f.Name != "device"))
        {
            Add($" {field.Name}=", FieldStyle.List, field.Name);
        }

        Add(" err=", FieldStyle.Decimal, "err").Add(" truncated=", FieldStyle.Decimal, "truncated");
    }

    private void Fields()
    {
        foreach (var field in _layout.Fields.Where(f => !f.Name.StartsWith("__probe", StringComparison.Ordinal)))
        {
            var style = !field.IsArray ? FieldStyle.Decimal : field.IsText ? FieldStyle.Quoted : FieldStyle.List;
            _parts.Add(new BodyPart(Encoding.UTF8.GetBytes($" {field.Name}="), style, field));
        }
    }

    /// <summary>Adds a step if the event has the field: versions differ.</summary>
    private BodyPlan Add(string prefix, FieldStyle style, string name)
    {
        if (_layout.Find(name) is { } field)
        {
            _parts.Add(new BodyPart(Encoding.UTF8.GetBytes(prefix), style, field));
        }

        return this;
    }

    private void Add(string text) => _parts.Add(new BodyPart(Encoding.UTF8.GetBytes(text), FieldStyle.Nothing, None));
}
