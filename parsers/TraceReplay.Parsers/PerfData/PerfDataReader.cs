using System.Buffers.Binary;
using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers.Containers;
using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.KernelIdentity;
using TraceReplay.Parsers.TraceDat;

namespace TraceReplay.Parsers.PerfData;

/// <summary>Hands the samples of a perf.data file on as events.</summary>
internal sealed class PerfDataReader
{
    // Values above are markers between kernel and user frames (PERF_CONTEXT_MAX).
    private const ulong ContextMarker = 0xffff_ffff_ffff_f000;

    private readonly SourceJob _job;
    private readonly PerfDataFile _file;
    private readonly PerfOrder _order;
    private readonly PerfRecords _records;
    private readonly TraceLines _trace;
    private RecordText? _text;
    private long _number;
    private long _undescribed;

    /// <summary>Reads the head.</summary>
    /// <param name="job">The source.</param>
    /// <param name="content">Its content.</param>
    /// <exception cref="InvalidDataException">It is cut.</exception>
    public PerfDataReader(SourceJob job, RandomContent content)
    {
        _job = job;
        _trace = new TraceLines(job);
        _file = new PerfDataFile(content);
        _order = new PerfOrder(Event);
        _records = new PerfRecords(job, content, _file, _order);
    }

    /// <summary>Reads the records.</summary>
    /// <exception cref="InvalidDataException">They are cut or damaged.</exception>
    public void Run() => _records.Run();

    /// <summary>Delivers what was read, and tells of the rest.</summary>
    public void Finish()
    {
        _order.Finish();
        _trace.Finish();
        About();
        if (_undescribed > 0)
        {
            _job.Report(Notice.SkippedLines, 0, $"{_undescribed.ToString(CultureInfo.InvariantCulture)} samples of events that the file does not describe were skipped (a recorder that was killed writes no descriptions)");
        }
        else if (_file.Trace is null && _job.Skipped == 0)
        {
            _job.Report(Notice.RefusedForm, 0, "this perf.data has no tracepoints; record with -e 'swiotlb:*' -e 'dma:*' -e 'iommu:*'");
        }
    }

    private static ClockDomain Clock(int id) => id switch
    {
        0 => ClockDomain.WallUtc,
        1 => ClockDomain.Mono,
        4 => ClockDomain.MonoRaw,
        7 => ClockDomain.Boot,
        11 => ClockDomain.Tai,
        _ => ClockDomain.FtraceLocal,
    };

    private void About()
    {
        if (_file.KernelRelease is null && _file.Arch is null && _file.Cpus is null)
        {
            return;
        }

        _job.Incident.Kernel ??= KernelVersion.Number(_file.KernelRelease);
        _job.Fact(new MachineFact(_job.At(0))
        {
            KernelRelease = _file.KernelRelease, KernelVersion = KernelVersion.Number(_file.KernelRelease)?.ToString(), Arch = _file.Arch, Cpus = _file.Cpus,
        });
    }

    private void Event(PerfSample sample)
    {
        _number++;
        if (_file.Trace is not { } trace || !trace.Layouts.TryGetValue(BinaryPrimitives.ReadUInt16LittleEndian(sample.Raw), out var layout))
        {
            _job.Skipped++;
            _undescribed++;
            return;
        }

        if (_text is null)
        {
            _text = new RecordText(bigEndian: false, trace.LongBytes, new SymbolTable(trace.Symbols));
            _trace.KnownClock(Clock(_file.First.ClockId));
        }

        _job.Understood++;
        var header = new LineHeader
        {
            Comm = sample.Pid == 0 ? "swapper"u8 : _file.Tasks.GetValueOrDefault(sample.Pid, []),
            Pid = sample.Pid,
            Cpu = sample.Cpu,
            Interrupt = (sample.Raw[2] & 0x18) != 0 && (sample.Raw[2] & 0x40) == 0,
            Time = unchecked((long)sample.Time),
            Decimals = 9,
        };
        var context = _trace.Context(header, _number);
        _trace.Event(context, layout.NameBytes, _text.Body(layout, sample.Raw));
        for (var at = 0; at + 8 <= sample.Chain.Length; at += 8)
        {
            var address = BinaryPrimitives.ReadUInt64LittleEndian(sample.Chain.AsSpan(at));
            if (address < ContextMarker)
            {
                _trace.FrameOf(context, _text.Place(address));
            }
        }
    }
}
