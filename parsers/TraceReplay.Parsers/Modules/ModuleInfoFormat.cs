using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Modules;

/// <summary>Output of <c>modinfo</c>, of one module or of many: their versions.</summary>
internal sealed class ModuleInfoFormat : IFormat
{
    private const int LongestLine = 512;

    /// <inheritdoc/>
    public string Name => "modinfo";

    /// <inheritdoc/>
    public string Description => "output of modinfo";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) =>
        HeadLines.WithoutPrompt(input.Head, "modinfo"u8).StartsWith("filename: "u8) && HeadLines.Share(input.Head, 30, line => line.Contains((byte)':')) >= 60
            ? new ProbeResult(90, "fields of modinfo")
            : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var module = string.Empty;
        var lines = job.OpenLines();
        while (lines.Next(out var bytes))
        {
            var line = bytes.Length > LongestLine ? string.Empty : Encoding.UTF8.GetString(bytes);
            if (line.StartsWith("filename:", StringComparison.Ordinal))
            {
                // /lib/modules/5.14.0/kernel/drivers/scsi/lpfc/lpfc.ko.xz, or "(builtin)", whose name follows.
                var file = line[(line.LastIndexOf('/') + 1)..];
                var end = file.IndexOf(".ko", StringComparison.Ordinal) is >= 0 and var ko ? ko : file.IndexOf(".o", StringComparison.Ordinal);
                module = end > 0 ? file[..end].Trim() : string.Empty;
                job.Understood++;
            }
            else if (line.StartsWith("name:", StringComparison.Ordinal))
            {
                module = line[5..].Trim();
                job.Understood++;
            }
            else if (line.StartsWith("version:", StringComparison.Ordinal) && module.Length > 0)
            {
                job.Fact(new KernelModuleFact(module.Replace('-', '_'), job.At(lines.LineNumber)) { Version = line[8..].Trim() });
                job.Understood++;
            }
            else
            {
                job.Comments++;
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
    }
}
