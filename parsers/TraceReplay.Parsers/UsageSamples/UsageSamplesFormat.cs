using System.Globalization;
using CsvHelper;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.UsageSamples;

/// <summary>Sampled use of the pool as CSV with a column <c>uptime_s</c> and the names of the swiotlb debugfs files.</summary>
internal sealed class UsageSamplesFormat : IFormat
{
    private const int LargestRow = 1 << 20;

    /// <inheritdoc/>
    public string Name => "usage-samples";

    /// <inheritdoc/>
    public string Description => "CSV of swiotlb use sampled over time (uptime_s, io_tlb_used, ...)";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var line = input.FirstLine;
        return line.StartsWith("uptime_s,"u8) && line.IndexOf("io_tlb_used"u8) > 0 ? new ProbeResult(95, "CSV header") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var options = new CsvReaderOptions { Separator = ',', TrackLineNumbers = true, AllowLineBreaksInQuotes = false, MaxRecordSize = LargestRow };
        using var csv = CsvReader.Create(new PumpStream(job.Pump), options, leaveOpen: true);
        try
        {
            job.Records++;
            job.Comments++;
            while (csv.Read())
            {
                job.Records++;
                if (Row(job, csv))
                {
                    job.Understood++;
                }
                else
                {
                    job.Skipped++;
                }
            }
        }
        catch (CsvFormatException)
        {
            // A row beyond all bounds: what follows is no table.
            job.Skipped++;
        }

        if (job.Skipped > 0)
        {
            job.Report(Notice.SkippedLines, 0, job.Skipped.ToString(CultureInfo.InvariantCulture) + " rows could not be read");
        }
    }

    private static bool Row(SourceJob job, CsvReader csv)
    {
        var at = 0;
        var time = Field(csv, "uptime_s");
        if (!Ascii.Seconds(time, ref at, out var uptime, out var decimals) || Number(csv, "io_tlb_used") is not { } used)
        {
            return false;
        }

        const long NanosecondsPerSecond = 1_000_000_000;
        uptime = decimals > 0 || uptime > long.MaxValue / NanosecondsPerSecond ? uptime : uptime * NanosecondsPerSecond;
        job.Fact(new UsageFact(PoolKind.Swiotlb, UsageMoment.Sample, uptime, used, Number(csv, "io_tlb_nslabs"), job.At(csv.LineNumber))
        {
            HighWaterUnits = Number(csv, "io_tlb_used_hiwater"),
        });
        return true;
    }

    private static ReadOnlySpan<byte> Field(CsvReader csv, string name) =>
        csv.TryGetFieldIndex(name, out var index) ? csv.GetSpan(index) : default;

    private static long? Number(CsvReader csv, string name) =>
        Ascii.Whole(Field(csv, name), out var value) && value <= long.MaxValue ? (long)value : null;
}
