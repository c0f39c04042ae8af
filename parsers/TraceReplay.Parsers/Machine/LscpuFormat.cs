using System.Globalization;
using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Machine;

/// <summary>Output of <c>lscpu</c>: architecture and number of CPUs, on which the number of swiotlb areas depends.</summary>
internal sealed class LscpuFormat : IFormat
{
    private const int MostCpus = 8192;

    /// <inheritdoc/>
    public string Name => "lscpu";

    /// <inheritdoc/>
    public string Description => "output of lscpu";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) =>
        input.IsWhole && HeadLines.WithoutPrompt(input.Head, "lscpu"u8).StartsWith("Architecture: "u8) && input.Head.IndexOf("\nCPU(s): "u8) > 0
            ? new ProbeResult(92, "lines of lscpu")
            : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var fact = new MachineFact(job.At(1));
        var lines = job.OpenLines();
        while (lines.Next(out var bytes))
        {
            var line = bytes.Length > 512 ? string.Empty : Encoding.UTF8.GetString(bytes);
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = colon < 0 ? string.Empty : line[(colon + 1)..].Trim();
            job.Understood++;
            switch (colon < 0 ? string.Empty : line[..colon])
            {
                case "Architecture":
                    fact = fact with { Arch = value };
                    break;
                case "CPU(s)" when int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is > 0 and <= MostCpus:
                    fact = fact with { Cpus = count };
                    break;
                default:
                    job.Understood--;
                    job.Comments++;
                    break;
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        job.Fact(fact);
    }
}
