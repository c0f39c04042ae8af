using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;
using Ascii = TraceReplay.Parsers.Text.Ascii;

namespace TraceReplay.Parsers.Memory;

/// <summary><c>/proc/iomem</c>: where memory and devices lie (r_show, kernel/resource.c: two blanks a level, the last address
/// is part of the region). Readers without privileges see zeros.</summary>
internal sealed class IomemFormat : IFormat
{
    private const int LongestLine = 1024;

    /// <inheritdoc/>
    public string Name => "iomem";

    /// <inheritdoc/>
    public string Description => "/proc/iomem";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        // /proc/ioports has the same shape with four digits.
        var share = HeadLines.Share(input.Head, 30, line => Region(line, out _, out _, out _, out var digits, out _) && digits >= 8);
        return share >= 90 ? new ProbeResult(92, "regions of /proc/iomem") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        long memory = 0;
        ulong top = 0;
        var regions = 0;
        var hidden = 0;
        var memoryDepth = int.MaxValue;
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            if (line.IsEmpty || line.Length > LongestLine || !Region(line, out var start, out var last, out var depth, out _, out var name))
            {
                job.Comments += line.IsEmpty ? 1 : 0;
                job.Skipped += line.IsEmpty ? 0 : 1;
                continue;
            }

            job.Understood++;
            regions++;
            hidden += start == 0 && last == 0 ? 1 : 0;
            var text = Encoding.UTF8.GetString(name).Trim();
            memoryDepth = depth <= memoryDepth ? int.MaxValue : memoryDepth;
            if (text.StartsWith("System RAM", StringComparison.Ordinal) && last > start && memoryDepth == int.MaxValue)
            {
                memoryDepth = depth;
                memory += (long)Math.Min(last - start + 1, long.MaxValue / 4096);
                top = Math.Max(top, last + 1);
            }

            if (last > start)
            {
                job.Fact(new MemoryRegionFact(start, last + 1, depth, text, job.At(lines.LineNumber)));
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        if (hidden == regions && regions > 0)
        {
            job.Report(Notice.HiddenAddresses, 0, $" ({regions.ToString(CultureInfo.InvariantCulture)} regions)");
        }
        else if (memory > 0)
        {
            job.Fact(new MachineFact(job.At(1)) { MemoryBytes = memory, MemoryEnd = top is > 0 and <= long.MaxValue ? (long)top : null });
        }
    }

    private static bool Region(ReadOnlySpan<byte> line, out ulong start, out ulong last, out int depth, out int digits, out ReadOnlySpan<byte> name)
    {
        start = last = 0;
        name = default;
        var indent = line.Length - line.TrimStart((byte)' ').Length;
        depth = indent / 2;
        var at = indent;
        var isFirst = Ascii.Hex(line, ref at, out start);
        digits = at - indent;
        if (!isFirst || at >= line.Length || line[at++] != (byte)'-' || !Ascii.Hex(line, ref at, out last) || !line[at..].StartsWith(" : "u8))
        {
            return false;
        }

        name = line[(at + 3)..];
        return true;
    }
}
