using System.Buffers.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Bodies of <c>scsi:*</c>, <c>block:*</c> and <c>net:*</c> events: who asks for mappings (spec formats.md 3.5, 3.6).</summary>
internal sealed class StorageBodies(SourceJob job)
{
    private const int SectorBytes = 512;

    private readonly NameCache _names = new(job.Names);
    private readonly (ulong Key, int Id)[] _luns = new (ulong, int)[1024];

    /// <summary>Reads one body.</summary>
    /// <param name="context">Common part.</param>
    /// <param name="descriptor">The event.</param>
    /// <param name="body">The body.</param>
    public void Event(in LineContext context, EventDescriptor descriptor, ReadOnlySpan<byte> body)
    {
        ref var item = ref job.NewEvent();
        switch (descriptor.Body)
        {
            case BodyKind.ScsiStart:
                context.Fill(ref item, EventKind.ScsiStart, descriptor.NameId);
                Scsi(ref item, body, isError: false);
                break;
            case BodyKind.ScsiDone:
                context.Fill(ref item, EventKind.ScsiDone, descriptor.NameId);
                Scsi(ref item, body, isError: false);
                break;
            case BodyKind.ScsiTimeout:
                context.Fill(ref item, EventKind.ScsiTimeout, descriptor.NameId);
                Scsi(ref item, body, isError: false);
                break;
            case BodyKind.ScsiError:
                context.Fill(ref item, EventKind.ScsiError, descriptor.NameId);
                Scsi(ref item, body, isError: true);
                break;
            case BodyKind.BlockIssue:
                context.Fill(ref item, EventKind.BlockIssue, descriptor.NameId);
                Block(ref item, body);
                break;
            case BodyKind.BlockComplete:
                context.Fill(ref item, EventKind.BlockComplete, descriptor.NameId);
                Block(ref item, body);
                break;
            case BodyKind.BlockRequeue:
                context.Fill(ref item, EventKind.BlockRequeue, descriptor.NameId);
                Block(ref item, body);
                break;
            default:
                context.Fill(ref item, EventKind.NetXmit, descriptor.NameId);
                Net(ref item, body);
                break;
        }
    }

    private void Scsi(ref TraceEvent item, ReadOnlySpan<byte> body, bool isError)
    {
        var at = 0;
        if (BodyFields.Number(body, "host_no="u8, ref at, out var host)
            && BodyFields.Number(body, " channel="u8, ref at, out var channel)
            && BodyFields.Number(body, " id="u8, ref at, out var id)
            && BodyFields.Number(body, " lun="u8, ref at, out var lun))
        {
            item.ConsumerId = Lun(host, channel, id, lun);
        }

        // Raw fields stand in another order, and the number of segments is called data_sglen there.
        var (segments, tag) = (at, at);
        if (BodyFields.Number(body, " data_sgl="u8, ref segments, out var value) || BodyFields.Number(body, " data_sglen="u8, ref segments, out value))
        {
            item.Units = BodyFields.Signed(value);
            item.Fields |= EventFields.Units;
        }

        if (!isError && BodyFields.Number(body, " driver_tag="u8, ref tag, out value))
        {
            item.Arg = (long)value;
            item.Fields |= EventFields.Arg;
        }

        if (BodyFields.Number(body, " txlen="u8, ref at, out value) && value <= uint.MaxValue)
        {
            item.Bytes = (long)value * SectorBytes;
            item.Fields |= EventFields.Bytes;
        }

        if (isError && BodyFields.Find(body, " rtn="u8, ref at))
        {
            item.Arg = Refusal(body[at..]);
            item.Fields |= EventFields.Arg;
        }
    }

    /// <summary>Result of queuecommand; 7.x prints the names (include/scsi/scsi.h).</summary>
    private static long Refusal(ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (Ascii.Number(text, ref at, out var number))
        {
            return (long)number;
        }

        return text switch
        {
            _ when text.StartsWith("SCSI_MLQUEUE_HOST_BUSY"u8) => 0x1055,
            _ when text.StartsWith("SCSI_MLQUEUE_DEVICE_BUSY"u8) => 0x1056,
            _ when text.StartsWith("SCSI_MLQUEUE_EH_RETRY"u8) => 0x1057,
            _ when text.StartsWith("SCSI_MLQUEUE_TARGET_BUSY"u8) => 0x1058,
            _ => 0,
        };
    }

    private int Lun(ulong host, ulong channel, ulong id, ulong lun)
    {
        var key = (host << 48) ^ (channel << 40) ^ (id << 32) ^ lun ^ (1UL << 63);
        ref var entry = ref _luns[(int)((key * 11400714819323198485UL) >> 54)];
        var exact = host < 1 << 15 && channel < 1 << 8 && id < 1 << 8 && lun <= uint.MaxValue;
        if (exact && entry.Key == key)
        {
            return entry.Id;
        }

        Span<byte> text = stackalloc byte[96];
        var length = 0;
        Append(text, ref length, host, ':');
        Append(text, ref length, channel, ':');
        Append(text, ref length, id, ':');
        Append(text, ref length, lun, '\0');
        var name = job.Names.Intern(text[..length]);
        if (exact)
        {
            entry = (key, name);
        }

        return name;
    }

    private static void Append(Span<byte> text, ref int length, ulong value, char separator)
    {
        _ = Utf8Formatter.TryFormat(value, text[length..], out var written);
        length += written;
        if (separator != '\0')
        {
            text[length++] = (byte)separator;
        }
    }

    /// <summary>Issue: <c>8,0 R 32768 () 194880 + 64 [lg]</c>; complete and requeue have no byte count.</summary>
    private void Block(ref TraceEvent item, ReadOnlySpan<byte> body)
    {
        if (FieldDump.Is(body, "dev="u8, out var fields))
        {
            Block(ref item, fields);
            return;
        }

        var end = body.IndexOf((byte)' ');
        if (end < 0)
        {
            return;
        }

        item.ConsumerId = _names.Intern(body[..end]);
        var bracket = body[end..].IndexOf(") "u8);
        if (bracket < 0)
        {
            return;
        }

        var at = end + bracket + 2;
        if (!Ascii.Decimal(body, ref at, out var sector))
        {
            return;
        }

        item.Arg = unchecked((long)sector);
        item.Fields |= EventFields.Arg;
        at += " + ".Length;
        if (at < body.Length && Ascii.Decimal(body, ref at, out var sectors) && sectors <= uint.MaxValue)
        {
            item.Bytes = (long)sectors * SectorBytes;
            item.Fields |= EventFields.Bytes;
        }
    }

    private void Block(ref TraceEvent item, FieldDump fields)
    {
        if (fields.Number("dev="u8, out var device))
        {
            // dev_t: 12 bits major, 20 bits minor (include/linux/kdev_t.h).
            Span<byte> text = stackalloc byte[48];
            var length = 0;
            Append(text, ref length, device >> 20, ',');
            Append(text, ref length, device & 0xfffff, '\0');
            item.ConsumerId = _names.Intern(text[..length]);
        }

        if (fields.Number("sector="u8, out var sector))
        {
            item.Arg = unchecked((long)sector);
            item.Fields |= EventFields.Arg;
        }

        if (fields.Number("nr_sector="u8, out var sectors) && sectors <= uint.MaxValue)
        {
            item.Bytes = (long)sectors * SectorBytes;
            item.Fields |= EventFields.Bytes;
        }
    }

    private void Net(ref TraceEvent item, ReadOnlySpan<byte> body)
    {
        var at = 0;
        if (BodyFields.Find(body, "dev="u8, ref at) || BodyFields.Find(body, "name="u8, ref at))
        {
            var rest = body[at..];
            var end = rest.IndexOf(" queue_mapping="u8);
            item.ConsumerId = _names.Intern(end < 0 ? rest : rest[..end]);
        }

        if (BodyFields.Number(body, " len="u8, ref at, out var length))
        {
            item.Bytes = BodyFields.Signed(length);
            item.Fields |= EventFields.Bytes;
        }
    }
}
