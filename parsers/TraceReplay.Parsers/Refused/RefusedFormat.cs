namespace TraceReplay.Parsers.Refused;

/// <summary>Binary files that another tool has to turn into text first: the user is told which.</summary>
internal sealed class RefusedFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "refused";

    /// <inheritdoc/>
    public string Description => "binary files that another tool must convert first: .journal, vmcore, CTF";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) => Advice(input.Head) is null ? ProbeResult.No : new ProbeResult(100, "binary files that another tool must convert first");

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        job.Report(Notice.RefusedForm, 0, Advice(job.Pump.Head) ?? "this binary file");
    }

    /// <summary>An ELF file of type ET_CORE, in either endianness; programs are ELF, too.</summary>
    private static bool IsCore(ReadOnlySpan<byte> head) => head is [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] && head.Length > 17 && (head[16] == 4 || head[17] == 4);

    private static string? Advice(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith("2ELIFREP"u8) => "this is perf.data of a machine of the other byte order; run `perf script` there and give the text",
        _ when head.StartsWith("LPKSHHRH"u8) => "this is a systemd journal file; run `journalctl --file FILE -o export` and give its output",
        _ when head.StartsWith("KDUMP"u8) || head.StartsWith("makedumpfile"u8) || IsCore(head) => "this is a memory dump; run `vmcore-dmesg FILE` or `makedumpfile --dump-dmesg FILE LOG` and give the log",
        _ when head is [0xc1, 0x1f, 0xfc, 0xc1, ..] || head is [0x75, 0xd1, 0x1d, 0x57, ..] || head.StartsWith("/* CTF 1.8 */"u8) => "this is a CTF trace; run `babeltrace2 FOLDER` and give its output",
        _ => null,
    };
}
