using System.Buffers.Binary;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.TraceDat;

namespace TraceReplay.Parsers.PerfData;

/// <summary>Binary recordings of perf: tracepoints and probes with their raw fields.</summary>
internal sealed class PerfDataFormat : IFormat
{
    private const long MostBytes = 1L << 30;
    private const uint Lost = 2;
    private const uint Comm = 3;
    private const uint Sample = 9;
    private const uint Compressed = 81;

    // Values above are markers between kernel and user frames (PERF_CONTEXT_MAX).
    private const ulong ContextMarker = 0xffff_ffff_ffff_f000;

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
        if (WholeContent.Read(job, MostBytes, "a perf.data above 1 GiB; run `perf script` on it and give its output") is not { } content)
        {
            return;
        }

        try
        {
            var file = new PerfDataFile(content);
            var samples = Samples(job, file);
            Events(job, file, samples);
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException)
        {
            job.Skipped++;
            job.Records = Math.Max(job.Records, job.Skipped);
            job.Report(Notice.ContentCut, job.Records, e.Message);
        }
    }

    private static List<PerfSample> Samples(SourceJob job, PerfDataFile file)
    {
        var samples = new List<PerfSample>();
        var end = Math.Min(file.Records.Offset + file.Records.Size, file.Data.Length);
        for (var at = file.Records.Offset; at + 8 <= end;)
        {
            var cursor = new ByteCursor(file.Data, false, at);
            var type = cursor.U32();
            _ = cursor.U16();
            var size = cursor.U16();
            if (size < 8 || at + size > end)
            {
                throw new InvalidDataException("a record is cut or damaged");
            }

            Record(job, file, type, new ByteCursor(file.Data.Slice((int)at + 8, size - 8), false), samples);
            at += size;
        }

        return samples;
    }

    private static void Record(SourceJob job, PerfDataFile file, uint type, ByteCursor body, List<PerfSample> samples)
    {
        switch (type)
        {
            case Sample:
                job.Records++;
                if (PerfSample.TryRead(body, file, out var sample))
                {
                    samples.Add(sample);
                }
                else
                {
                    job.Comments++;
                }

                break;
            case Comm:
                _ = body.U32();
                var pid = (int)body.U32();
                file.Trace.Tasks[pid] = System.Text.Encoding.UTF8.GetBytes(body.Text());
                break;
            case Lost:
                _ = body.U64();
                var lost = (long)Math.Min(body.U64(), int.MaxValue);
                job.Lost += lost;
                job.Fact(new Core.LossFact(-1, lost, false, job.At(job.Records)));
                break;
            case Compressed:
                throw new InvalidDataException("its records are compressed; run `perf script` on it and give its output");
            default:
                break;
        }
    }

    private static void Events(SourceJob job, PerfDataFile file, List<PerfSample> samples)
    {
        var trace = new TraceLines(job);
        var text = new RecordText(bigEndian: false, new SymbolTable(file.Trace.Symbols));
        long number = 0;

        // perf orders records only roughly; equal times keep the order of the file.
        foreach (var sample in samples.OrderBy(s => s.Time))
        {
            number++;
            var raw = sample.Raw.Span;
            if (!file.Trace.Layouts.TryGetValue(BinaryPrimitives.ReadUInt16LittleEndian(raw), out var layout))
            {
                job.Skipped++;
                continue;
            }

            job.Understood++;
            var header = new LineHeader
            {
                Comm = sample.Pid == 0 ? "swapper"u8 : file.Trace.Tasks.GetValueOrDefault(sample.Pid, []),
                Pid = sample.Pid,
                Cpu = sample.Cpu,
                Interrupt = (raw[2] & 0x18) != 0 && (raw[2] & 0x40) == 0,
                Time = unchecked((long)sample.Time),
                Decimals = 9,
            };
            var context = trace.Context(header, number);
            trace.Event(context, layout.NameBytes, text.Body(layout, raw));
            for (var at = 0; at + 8 <= sample.Chain.Length; at += 8)
            {
                var address = BinaryPrimitives.ReadUInt64LittleEndian(sample.Chain.Span[at..]);
                if (address < ContextMarker)
                {
                    trace.FrameOf(context, text.Place(address));
                }
            }
        }

        trace.Finish();
    }
}
