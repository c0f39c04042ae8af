using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Memory;

/// <summary><c>/proc/meminfo</c>: how much memory the kernel manages. 2.4 prints a table of bytes before the same lines.</summary>
internal sealed class MeminfoFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "meminfo";

    /// <inheritdoc/>
    public string Description => "/proc/meminfo";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) =>
        input.IsWhole && (input.Head.StartsWith("MemTotal:"u8) || input.Head.IndexOf("\nMemTotal:"u8) is > 0 and < 1000) && input.Head.IndexOf("\nMemFree:"u8) > 0
            ? new ProbeResult(92, "lines of /proc/meminfo")
            : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var isFound = false;
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            if (isFound || !line.StartsWith("MemTotal:"u8))
            {
                job.Comments++;
                continue;
            }

            var at = line.Length - line[9..].TrimStart((byte)' ').Length;
            if (Ascii.Decimal(line, ref at, out var kib) && kib <= long.MaxValue / 1024)
            {
                isFound = true;
                job.Understood++;
                job.Fact(new MachineFact(job.At(lines.LineNumber)) { MemoryBytes = (long)kib * 1024 });
            }
            else
            {
                job.Skipped++;
                job.Report(Notice.BadRow, lines.LineNumber, line.Length.ToString(CultureInfo.InvariantCulture) + " bytes");
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
    }
}
