using CsvHelper;
using TraceReplay.Parsers.Containers;

namespace TraceReplay.Parsers.CanonicalCsv;

/// <summary>The schema <c>tracereplay-dma-1</c> (spec formats.md 6.1): what scripts and other tools are converted to.</summary>
internal sealed class CanonicalCsvFormat : IFormat
{
    private const int LargestRow = 1 << 20;

    /// <inheritdoc/>
    public string Name => "dma-csv";

    /// <inheritdoc/>
    public string Description => "CSV of DMA operations, schema tracereplay-dma-1";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var head = input.Head.StartsWith("\uFEFF"u8) ? input.Head[3..] : input.Head;
        if (head.StartsWith("# schema=tracereplay-dma-1"u8))
        {
            return new ProbeResult(100, "schema line");
        }

        while (head.StartsWith("#"u8))
        {
            _ = Text.HeadLines.Next(ref head);
        }

        var line = Text.HeadLines.Next(ref head);
        var hasTime = line.IndexOf("time"u8) >= 0;
        var words = System.Text.Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4096)]).ToLowerInvariant().Split(',', ';', '\t');
        return hasTime && words.Contains("op", StringComparer.Ordinal) && words.Contains("device", StringComparer.Ordinal)
            ? new ProbeResult(95, "header with time, op and device")
            : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        using var content = new PumpStream(job.Pump);
        Read(job, content, job.Pump.Head);
    }

    /// <summary>Reads rows of the schema.</summary>
    /// <param name="job">The source.</param>
    /// <param name="content">The rows.</param>
    /// <param name="head">The first of them, whose comments say how they are meant.</param>
    internal static void Read(SourceJob job, Stream content, ReadOnlySpan<byte> head)
    {
        var metadata = new CanonicalMetadata(job);
        metadata.Read(head);
        var options = new CsvReaderOptions { CommentPrefix = '#', TrackLineNumbers = true, AllowLineBreaksInQuotes = false, MaxRecordSize = LargestRow };
        using var csv = CsvReader.Create(content, options, leaveOpen: true);
        var columns = new CanonicalColumns(csv) { IsEscaped = metadata.IsEscaped };
        var rows = new CanonicalRows(job, columns, metadata.Pools);
        try
        {
            while (csv.Read())
            {
                job.Records++;
                if (rows.Read(out var problem))
                {
                    job.Understood++;
                }
                else
                {
                    job.Skipped++;
                    Tell(job, csv.LineNumber, problem);
                }
            }
        }
        catch (CsvFormatException e)
        {
            job.Records++;
            job.Skipped++;
            job.Report(Notice.BadRow, e.LineNumber, "a row beyond all bounds; what follows was not read");
        }
    }

    private static void Tell(SourceJob job, long line, string problem)
    {
        const int Most = 20;
        if (job.Skipped <= Most)
        {
            job.Report(Notice.BadRow, line, problem);
        }
    }
}
