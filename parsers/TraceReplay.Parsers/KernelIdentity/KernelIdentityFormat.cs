using System.Text;

namespace TraceReplay.Parsers.KernelIdentity;

/// <summary><c>uname -a</c> and <c>/proc/version</c>.</summary>
internal sealed class KernelIdentityFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "kernel-identity";

    /// <inheritdoc/>
    public string Description => "uname -a or /proc/version";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Definition;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var line = input.FirstLine;
        return input.IsWhole && line.StartsWith("Linux "u8) && input.Head.Length < 2048 && input.Head.Count((byte)'\n') <= 1
            && KernelVersion.Parse(Encoding.UTF8.GetString(line), default) is not null
            ? new ProbeResult(95, "kernel version line")
            : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            job.Records++;
            if (KernelVersion.Parse(Encoding.UTF8.GetString(line), job.At(job.Records)) is { } fact)
            {
                job.Understood++;
                job.Incident.Kernel ??= KernelVersion.Number(fact.KernelVersion);
                job.Fact(fact);
            }
            else
            {
                job.Skipped++;
            }
        }
    }
}
