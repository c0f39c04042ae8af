using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Log lines with a wall-clock stamp: syslog files, rsyslog and journalctl text, dmesg -T.</summary>
internal sealed class SyslogFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "syslog";

    /// <inheritdoc/>
    public string Description => "log with wall-clock stamps: syslog, messages, journalctl, dmesg -T";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Log;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var share = HeadLines.Share(input.Head, 200, Envelope.IsStamped);
        return share >= 40 ? new ProbeResult(40 + (share / 4), $"{share} % lines with a stamp") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job) => new KernelLogReader(job).Run();
}
