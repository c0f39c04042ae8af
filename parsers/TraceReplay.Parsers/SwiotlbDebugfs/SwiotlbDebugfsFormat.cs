using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.SwiotlbDebugfs;

/// <summary>Values of <c>/sys/kernel/debug/swiotlb</c> as <c>path=value</c> lines (<c>grep . ...</c> prints <c>path:value</c>).
/// A file name with <c>-start</c> or <c>-end</c> tells when they were read.</summary>
internal sealed class SwiotlbDebugfsFormat : IFormat
{
    private const int SlotBytes = 2048;

    /// <inheritdoc/>
    public string Name => "swiotlb-debugfs";

    /// <inheritdoc/>
    public string Description => "values of /sys/kernel/debug/swiotlb";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Inventory;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) =>
        HeadLines.Share(input.Head, 20, line => Split(line, out _, out _, out _)) >= 60
            ? new ProbeResult(95, "io_tlb_ values")
            : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        // One reading per pool: a restricted pool has a folder of its own.
        var readings = new SortedDictionary<string, Reading>(StringComparer.Ordinal);
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            if (!Split(line, out var folder, out var name, out var value))
            {
                job.Skipped += line.IsEmpty ? 0 : 1;
                job.Comments += line.IsEmpty ? 1 : 0;
                continue;
            }

            job.Understood++;
            var pool = System.Text.Encoding.UTF8.GetString(folder);
            if (!readings.TryGetValue(pool, out var reading))
            {
                readings[pool] = reading = new Reading(lines.LineNumber);
            }

            reading.Set(name, (long)Math.Min(value, long.MaxValue));
        }

        job.Records = lines.LineNumber;
        foreach (var (pool, reading) in readings)
        {
            Emit(job, pool, reading);
        }
    }

    /// <summary>When a file's values were read, by its name.</summary>
    /// <param name="path">Path of the source.</param>
    /// <returns>Before or after the trace, or a sample.</returns>
    internal static UsageMoment Moment(string path)
    {
        var name = Path.GetFileName(path);
        return name.Contains("start", StringComparison.OrdinalIgnoreCase) || name.Contains("before", StringComparison.OrdinalIgnoreCase)
            ? UsageMoment.BeforeTrace
            : name.Contains("end", StringComparison.OrdinalIgnoreCase) || name.Contains("after", StringComparison.OrdinalIgnoreCase)
                ? UsageMoment.AfterTrace
                : UsageMoment.Sample;
    }

    private static void Emit(SourceJob job, string pool, Reading reading)
    {
        var source = job.At(reading.Line);
        if (reading.Slots is not null)
        {
            var restricted = pool.EndsWith("/swiotlb", StringComparison.Ordinal) || pool == "swiotlb" ? string.Empty : Path.GetFileName(pool);
            job.Fact(new PoolGeometryFact(PoolKind.Swiotlb, source, GeometryOrigin.Log)
            {
                Units = reading.Slots, UnitBytes = SlotBytes, Device = restricted,
                More = reading.Transient is { } transient
                    ? new Dictionary<string, long>(StringComparer.Ordinal) { ["transient_units"] = transient }
                    : new Dictionary<string, long>(StringComparer.Ordinal),
            });
        }

        if (reading.Used is { } used)
        {
            job.Fact(new UsageFact(PoolKind.Swiotlb, Moment(job.Path), TraceEvent.NoTime, used, reading.Slots, source)
            {
                HighWaterUnits = reading.HighWater,
            });
        }
    }

    private static bool Split(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> folder, out ReadOnlySpan<byte> name, out ulong value)
    {
        folder = name = default;
        value = 0;
        var equals = line.IndexOfAny((byte)'=', (byte)':');
        if (equals < 0 || !Ascii.Whole(line[(equals + 1)..].Trim((byte)' '), out value))
        {
            return false;
        }

        var slash = line[..equals].LastIndexOf((byte)'/');
        name = line[(slash + 1)..equals];
        folder = slash < 0 ? default : line[..slash];
        return name.StartsWith("io_tlb_"u8);
    }

    private sealed class Reading(long line)
    {
        public long Line { get; } = line;

        public long? Slots { get; private set; }

        public long? Used { get; private set; }

        public long? HighWater { get; private set; }

        public long? Transient { get; private set; }

        public void Set(ReadOnlySpan<byte> name, long value)
        {
            Slots = name.SequenceEqual("io_tlb_nslabs"u8) ? value : Slots;
            Used = name.SequenceEqual("io_tlb_used"u8) ? value : Used;
            HighWater = name.SequenceEqual("io_tlb_used_hiwater"u8) ? value : HighWater;
            Transient = name.SequenceEqual("io_tlb_transient_nslabs"u8) ? value : Transient;
        }
    }
}
