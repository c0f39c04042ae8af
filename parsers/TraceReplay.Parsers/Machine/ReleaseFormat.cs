using System.Text;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Machine;

/// <summary>Name of the distribution: <c>/etc/os-release</c>, or the one line of <c>/etc/redhat-release</c>, <c>/etc/SuSE-release</c>.</summary>
internal sealed class ReleaseFormat : IFormat
{
    private const int LongestName = 200;

    /// <inheritdoc/>
    public string Name => "os-release";

    /// <inheritdoc/>
    public string Description => "/etc/os-release, /etc/redhat-release, /etc/SuSE-release";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        if (!input.IsWhole || input.Head.Length > 8192)
        {
            return ProbeResult.No;
        }

        var isPairs = (input.Head.IndexOf("PRETTY_NAME="u8) == 0 || input.Head.IndexOf("\nPRETTY_NAME="u8) > 0)
            && HeadLines.Share(input.Head, 60, line => line.Contains((byte)'=') || line[0] == (byte)'#') == 100;
        var line = input.FirstLine;
        var isLine = input.Head.Length < 300 && input.Name.EndsWith("release", StringComparison.OrdinalIgnoreCase) && !line.Contains((byte)'=')
            && line.IndexOfAnyInRange((byte)'0', (byte)'9') > 0 && line.IndexOfAnyInRange((byte)0, (byte)31) < 0;
        return isPairs ? new ProbeResult(92, "fields of os-release") : isLine ? new ProbeResult(70, "one line in a file called ...release") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var lines = job.OpenLines();
        while (lines.Next(out var bytes))
        {
            var line = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4096)]).Trim();
            var name = line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal) ? line[12..].Trim('"', '\'')
                : lines.LineNumber == 1 && !line.Contains('=', StringComparison.Ordinal) ? line : string.Empty;
            job.Comments += name.Length == 0 ? 1 : 0;
            job.Understood += name.Length > 0 ? 1 : 0;
            if (name.Length is > 0 and <= LongestName)
            {
                job.Fact(new MachineFact(job.At(lines.LineNumber)) { Distribution = name });
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
    }
}
