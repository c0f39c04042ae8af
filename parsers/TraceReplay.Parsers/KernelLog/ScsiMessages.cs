using System.Buffers;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Sysfs;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Turns lines about SCSI hosts and devices into facts of the inventory (scsi_probe_and_add_lun, drivers/scsi/scsi_scan.c;
/// sd_probe, drivers/scsi/sd.c).</summary>
internal static class ScsiMessages
{
    private static readonly SearchValues<char> DriverChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_-");

    private const int LongestMessage = 512;
    private const int LongestName = 32;
    private const int LongestAdapter = 200;

    // "%.8s %.16s %.4s" at the end of the inquiry data; the type in front is padded.
    private const int RevBytes = 4;
    private const int ModelBytes = 16;
    private const int VendorBytes = 8;
    private const int InquiryBytes = VendorBytes + 1 + ModelBytes + 1 + RevBytes;

    /// <summary>Hands over what a line says.</summary>
    /// <param name="job">The source.</param>
    /// <param name="family">Family of the line.</param>
    /// <param name="fields">Its values.</param>
    /// <param name="message">The message.</param>
    /// <param name="source">Where it stands.</param>
    public static void Take(SourceJob job, string family, MessageFields fields, ReadOnlySpan<byte> message, SourceRef source)
    {
        if (message.Length > LongestMessage)
        {
            return;
        }

        var text = Encoding.UTF8.GetString(message);
        switch (family)
        {
            case "scsi-device":
                Device(job, text, source);
                break;
            case "scsi-attached":
                Attached(job, text, fields, source);
                break;
            case "scsi-host":
                if (fields.Number("host") is >= 0 and <= int.MaxValue and var host && fields.Text("adapter").Trim() is { Length: > 0 and <= LongestAdapter } adapter)
                {
                    job.Fact(new ScsiHostFact((int)host, source) { Model = adapter, Driver = Driver(adapter) });
                }

                break;
            default:
                Version(job, "lpfc", fields, source);
                Version(job, "qla2xxx", fields, source);
                break;
        }
    }

    /// <summary><c>scsi 3:0:0:1: Direct-Access     IBM      2107900          .217 PQ: 0 ANSI: 5</c>.</summary>
    private static void Device(SourceJob job, string text, SourceRef source)
    {
        var end = text.LastIndexOf(" PQ: ", StringComparison.Ordinal);
        var start = text.IndexOf(": ", StringComparison.Ordinal) + 2;
        if (Address(text) is not { } address || start < 2 || end - start <= InquiryBytes)
        {
            return;
        }

        var inquiry = text[(end - InquiryBytes)..end];
        job.Fact(new LunPathFact(address, source)
        {
            Type = ScsiType.FromLong(text[start..(end - InquiryBytes)].Trim()),
            Vendor = inquiry[..VendorBytes].Trim(),
            Model = inquiry[(VendorBytes + 1)..^(RevBytes + 1)].Trim(),
            Rev = inquiry[^RevBytes..].Trim(),
        });
    }

    private static void Attached(SourceJob job, string text, MessageFields fields, SourceRef source)
    {
        // sd 3:0:0:1: [sdb] Attached SCSI disk
        var open = text.IndexOf(" [", StringComparison.Ordinal);
        var close = text.IndexOf("] Attached SCSI ", StringComparison.Ordinal);
        var node = Name(open > 0 && close > open ? text[(open + 2)..close] : fields.Text("node"));
        var sg = Name(fields.Text("sg"));
        if (fields.Text("kind") == "generic")
        {
            (node, sg) = (null, node);
        }

        if ((Address(text) ?? Address(fields)) is { } address && (node ?? sg) is not null)
        {
            job.Fact(new LunPathFact(address, source) { Node = node, Sg = sg });
        }
    }

    /// <summary>The first word that is an address.</summary>
    private static ScsiAddress? Address(string text)
    {
        foreach (var word in text.AsSpan().Split(' '))
        {
            if (ScsiAddress.TryParse(text.AsSpan(word).TrimEnd(':'), out var address))
            {
                return address;
            }
        }

        return null;
    }

    private static ScsiAddress? Address(MessageFields fields)
    {
        return fields.Number("host") is >= 0 and <= int.MaxValue and var host && fields.Number("channel") is >= 0 and <= int.MaxValue and var channel
            && fields.Number("target") is >= 0 and <= int.MaxValue and var target && fields.Number("lun") is >= 0 and var lun
            ? new ScsiAddress((int)host, (int)channel, (int)target, (ulong)lun)
            : null;
    }

    /// <summary>Drivers without a text of their own print their name (scsi_add_host_with_dma: <c>info</c> or <c>name</c> of the host
    /// template); only lpfc ends its text with the place on the bus (lpfc_info).</summary>
    private static string? Driver(string adapter) =>
        adapter.AsSpan().IndexOfAnyExcept(DriverChars) < 0 ? adapter
        : adapter.StartsWith("Emulex ", StringComparison.Ordinal) && adapter.Contains(" on PCI bus ", StringComparison.Ordinal) ? "lpfc" : null;

    private static void Version(SourceJob job, string module, MessageFields fields, SourceRef source)
    {
        if (fields.Text(module).Trim() is { Length: > 0 and <= LongestName } version)
        {
            job.Fact(new KernelModuleFact(module, source) { Version = version });
        }
    }

    private static string? Name(string text) => text.Trim() is { Length: > 0 and <= LongestName } name ? name : null;
}
