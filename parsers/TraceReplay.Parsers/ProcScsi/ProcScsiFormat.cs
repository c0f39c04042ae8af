using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Sysfs;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.ProcScsi;

/// <summary><c>/proc/scsi/scsi</c> of 2.4 to 6.x and <c>lsscsi -c</c>: three lines for each path (proc_print_scsidevice,
/// drivers/scsi/scsi_proc.c). 2.4 and the kernel log print the same lines.</summary>
internal sealed class ProcScsiFormat : IFormat
{
    private const int LongestLine = 4096;

    /// <inheritdoc/>
    public string Name => "proc-scsi";

    /// <inheritdoc/>
    public string Description => "/proc/scsi/scsi, lsscsi -c";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        if (input.IsWhole && input.FirstLine.StartsWith("Attached devices:"u8))
        {
            return new ProbeResult(90, "devices attached");
        }

        var share = HeadLines.Share(input.Head, 60, line =>
            line.StartsWith("Host: scsi"u8) || line.TrimStart((byte)' ').StartsWith("Vendor: "u8) || line.TrimStart((byte)' ').StartsWith("Type: "u8));
        return share >= 60 && input.Head.IndexOf("Host: scsi"u8) >= 0 ? new ProbeResult(90, "records of /proc/scsi/scsi") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        LunPathFact? path = null;
        var lines = job.OpenLines();
        while (lines.Next(out var bytes))
        {
            if (bytes.IsEmpty || bytes.Length > LongestLine)
            {
                job.Comments += bytes.IsEmpty ? 1 : 0;
                job.Skipped += bytes.IsEmpty ? 0 : 1;
                continue;
            }

            var line = Encoding.UTF8.GetString(bytes).Trim();
            if (line.StartsWith("Host: ", StringComparison.Ordinal))
            {
                Emit(job, path);
                path = Address(line) is { } address ? new LunPathFact(address, job.At(lines.LineNumber)) : null;
                job.Understood += path is null ? 0 : 1;
                job.Skipped += path is null ? 1 : 0;
            }
            else if (path is not null && line.StartsWith("Vendor:", StringComparison.Ordinal))
            {
                job.Continuations++;
                path = path with { Vendor = Between(line, "Vendor:", "Model:"), Model = Between(line, "Model:", "Rev:"), Rev = Between(line, "Rev:", null) };
            }
            else if (path is not null && line.StartsWith("Type:", StringComparison.Ordinal))
            {
                job.Continuations++;
                path = path with { Type = Between(line, "Type:", "ANSI") is { } type ? ScsiType.FromLong(type) : null };
            }
            else
            {
                // The head line, "none", and what drivers of 2.4 add.
                job.Comments++;
            }
        }

        Emit(job, path);
        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        Accounts.Report(job, lines, "records of /proc/scsi/scsi");
    }

    private static void Emit(SourceJob job, LunPathFact? path)
    {
        if (path is not null)
        {
            job.Fact(path);
        }
    }

    /// <summary><c>Host: scsi3 Channel: 00 Id: 01 Lun: 4659</c>; lsscsi says Target for Id.</summary>
    private static ScsiAddress? Address(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 8 && words[1].StartsWith("scsi", StringComparison.Ordinal) && words[2] == "Channel:" && words[4] is "Id:" or "Target:"
            && words[6] == "Lun:" && SysfsPath.HostNumber(words[1]) is >= 0 and var host
            && int.TryParse(words[3], NumberStyles.None, CultureInfo.InvariantCulture, out var channel)
            && int.TryParse(words[5], NumberStyles.None, CultureInfo.InvariantCulture, out var target)
            && ulong.TryParse(words[7], NumberStyles.None, CultureInfo.InvariantCulture, out var lun)
            ? new ScsiAddress(host, channel, target, lun)
            : null;
    }

    private static string? Between(string line, string key, string? next)
    {
        var start = line.IndexOf(key, StringComparison.Ordinal);
        if (start < 0)
        {
            return null;
        }

        var rest = line[(start + key.Length)..];
        var end = next is null ? -1 : rest.LastIndexOf(next, StringComparison.Ordinal);
        return (end < 0 ? rest : rest[..end]).Trim();
    }
}
