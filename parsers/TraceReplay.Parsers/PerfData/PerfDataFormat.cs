using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.PerfData;

/// <summary>Binary recordings of perf: tracepoints and probes with their raw fields, from files and pipes, also compressed ones.</summary>
internal sealed class PerfDataFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "perf-data";

    /// <inheritdoc/>
    public string Description => "binary perf.data with tracepoints";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) => input.Head.StartsWith("PERFILE2"u8) ? new ProbeResult(100, "perf.data magic") : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        using var content = RandomContent.Of(job);
        PerfDataReader? reader = null;
        try
        {
            reader = new PerfDataReader(job, content);
            reader.Run();
        }
        catch (Exception e) when (e is InvalidDataException or DllNotFoundException)
        {
            job.Skipped++;
            job.Records = Math.Max(job.Records + 1, job.Skipped);
            job.Report(Notice.ContentCut, job.Records, e.Message);
        }

        reader?.Finish();
    }
}
