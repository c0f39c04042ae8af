using TraceReplay.Core;
using TraceReplay.Parsers.SwiotlbDebugfs;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.DmaDebug;

/// <summary>Counters of <c>/sys/kernel/debug/dma-api</c> as <c>name=value</c> lines: how many entries of how many are live.</summary>
internal sealed class DmaDebugCountersFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "dma-debug-counters";

    /// <inheritdoc/>
    public string Description => "counters of /sys/kernel/debug/dma-api";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) =>
        input.IsWhole && input.Head.IndexOf("num_free_entries"u8) >= 0 && input.Head.IndexOf("nr_total_entries"u8) >= 0
            && HeadLines.Share(input.Head, 20, line => line.Contains((byte)'=') || line.Contains((byte)':')) == 100
            ? new ProbeResult(92, "dma-api counters")
            : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        long? free = null;
        long? least = null;
        long? total = null;
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            var equals = line.IndexOfAny((byte)'=', (byte)':');
            if (equals <= 0)
            {
                job.Comments++;
                continue;
            }

            job.Understood++;
            var name = line[(line[..equals].LastIndexOf((byte)'/') + 1)..equals];
            long? value = Ascii.Whole(line[(equals + 1)..].Trim((byte)' '), out var number) && number <= long.MaxValue ? (long)number : null;
            free = name.SequenceEqual("num_free_entries"u8) ? value : free;
            least = name.SequenceEqual("min_free_entries"u8) ? value : least;
            total = name.SequenceEqual("nr_total_entries"u8) ? value : total;
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        if (free is { } left && total is { } all && left <= all)
        {
            job.Fact(new UsageFact(PoolKind.DmaDebug, SwiotlbDebugfsFormat.Moment(job.Path), TraceEvent.NoTime, all - left, all, job.At(1))
            {
                HighWaterUnits = least is { } low && low <= all ? all - low : null,
            });
        }
    }
}
