using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Binary recordings of trace-cmd, versions 6 and 7.</summary>
internal sealed class TraceDatFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "trace-dat";

    /// <inheritdoc/>
    public string Description => "binary trace.dat of trace-cmd, versions 6 and 7";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    private static ReadOnlySpan<byte> Magic => [0x17, 0x08, 0x44, (byte)'t', (byte)'r', (byte)'a', (byte)'c', (byte)'i', (byte)'n', (byte)'g'];

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) => input.Head.StartsWith(Magic) ? new ProbeResult(100, "trace.dat magic") : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        try
        {
            using var content = RandomContent.Of(job);
            new TraceDatReader(job, new TraceDatFile(content)).Run();
        }
        catch (Exception e) when (e is InvalidDataException or DllNotFoundException)
        {
            job.Skipped++;
            job.Records = Math.Max(job.Records, job.Skipped);
            job.Report(Notice.ContentCut, job.Records, e.Message);
        }
    }
}
