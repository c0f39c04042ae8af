using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.CommandLine;

/// <summary><c>/proc/cmdline</c>.</summary>
internal sealed class CommandLineFormat : LineFormat
{
    /// <inheritdoc/>
    public override string Name => "cmdline";

    /// <inheritdoc/>
    public override string Description => "/proc/cmdline";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input)
    {
        var line = input.FirstLine;
        if (!input.IsWhole || line.Length is 0 or > 4096 || input.Head.Count((byte)'\n') > 1 || line.IndexOfAnyInRange((byte)0, (byte)31) >= 0)
        {
            return ProbeResult.No;
        }

        var known = line.StartsWith("BOOT_IMAGE="u8) || line.StartsWith("console="u8) || line.StartsWith("root="u8)
            || line.IndexOf(" console="u8) > 0 || line.IndexOf(" root="u8) > 0;
        var named = input.Name.Contains("cmdline", StringComparison.OrdinalIgnoreCase);
        return known && line[0] != (byte)'[' ? new ProbeResult(named ? 90 : 55, "boot parameters")
            : named ? new ProbeResult(50, "one line in a file called cmdline") : ProbeResult.No;
    }

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        job.Fact(new MachineFact(job.At(number)) { CommandLine = Encoding.UTF8.GetString(line).Trim() });
        return true;
    }
}
