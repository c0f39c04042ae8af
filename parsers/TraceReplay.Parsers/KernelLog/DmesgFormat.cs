using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Kernel log lines with printk's stamp: dmesg, serial console, vmcore-dmesg, pstore, /dev/kmsg.</summary>
internal sealed class DmesgFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "dmesg";

    /// <inheritdoc/>
    public string Description => "kernel log with printk's time stamps: dmesg in all its variants, console, /dev/kmsg";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Log;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var share = HeadLines.Share(input.Head, 200, line => Envelope.ClockOf(line) is Core.ClockDomain.BootPrintk or Core.ClockDomain.Relative);
        return share >= 40 ? new ProbeResult(50 + (share / 3), $"{share} % lines with a boot stamp") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job) => new KernelLogReader(job).Run();
}
