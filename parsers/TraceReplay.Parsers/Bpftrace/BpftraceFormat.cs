using TraceReplay.Core;
using TraceReplay.Parsers.CanonicalCsv;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Bpftrace;

/// <summary>Output of bpftrace, plain or with <c>-f json</c>. What it prints is the script's affair: a script that prints the columns of
/// <c>tracereplay-dma-1</c> (parsers/README.md has one) is read like a file of that schema, whatever bpftrace says around it.</summary>
internal sealed class BpftraceFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "bpftrace";

    /// <inheritdoc/>
    public string Description => "output of a bpftrace script that prints the columns of dma-csv";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var head = input.Head;
        for (var i = 0; i < 5 && !head.IsEmpty; i++)
        {
            var line = HeadLines.Next(ref head);
            if ((line.StartsWith("Attaching "u8) && line.IndexOf(" probe"u8) > 0) || line.StartsWith("{\"type\": \"attached_probes\""u8))
            {
                return new ProbeResult(96, "first line of bpftrace");
            }
        }

        return ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        // nsecs of a script is CLOCK_MONOTONIC, unless its comments say otherwise.
        job.Clock = ClockDomain.Mono;
        var comments = BpftraceRows.Comments(job.Pump.Head[..Math.Min(job.Pump.Head.Length, Formats.HeadBytes)]);
        using var rows = new BpftraceRows(job);
        CanonicalCsvFormat.Read(job, rows, comments);
        job.Skipped += rows.Overlong;
        job.Records += rows.Overlong;
        if (!rows.HasColumns)
        {
            job.Report(
                Notice.RefusedForm, 0,
                "this bpftrace script prints no columns that are known; let it print a header with time_ns, op and device, as the script in parsers/README.md does");
        }
    }
}
