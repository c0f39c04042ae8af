using TraceReplay.Core;
using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.KernelIdentity;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.TraceDat;

/// <summary>Merges the CPUs of a recording by time and hands its events on.</summary>
internal sealed class TraceDatReader(SourceJob job, TraceDatFile file)
{
    private static readonly byte[] Idle = "<idle>"u8.ToArray();

    private readonly TraceLines _trace = new(job);
    private readonly RecordText _text = new(file.BigEndian, file.LongBytes, new SymbolTable(file.Symbols));

    private long _undescribed;

    /// <summary>Reads to the end.</summary>
    public void Run()
    {
        About();

        // Equal stamps: lower CPU first, then record order (spec formats.md, section 0).
        var queue = new PriorityQueue<RingReader, (ulong Time, int Cpu)>();
        foreach (var (_, cpu, pages) in file.Rings)
        {
            var ring = new RingReader(file, cpu, pages);
            if (ring.Next())
            {
                queue.Enqueue(ring, (ring.Time, cpu));
            }
            else
            {
                End(ring);
            }
        }

        while (queue.TryPeek(out var ring, out _))
        {
            Record(ring);
            if (ring.Next())
            {
                queue.DequeueEnqueue(ring, (ring.Time, ring.Cpu));
            }
            else
            {
                End(queue.Dequeue());
            }
        }

        _trace.Finish();
        if (_undescribed > 0)
        {
            job.Report(Notice.SkippedLines, 0, $"{_undescribed.ToString(System.Globalization.CultureInfo.InvariantCulture)} records of events that the file does not describe were skipped");
        }
    }

    /// <summary>Where a CPU's pages are damaged, the rest of them is lost; the other CPUs are not.</summary>
    private void End(RingReader ring)
    {
        if (ring.Damage is { } damage)
        {
            job.Records++;
            job.Skipped++;
            _trace.Loss(job.Records, ring.Cpu, 0);
            job.Report(Notice.ContentCut, job.Records, $"CPU {ring.Cpu.ToString(System.Globalization.CultureInfo.InvariantCulture)}: {damage}");
        }
    }

    private void About()
    {
        var clock = file.Recording.IsWallTime ? ClockDomain.WallUtc : TraceClock.TraceClockFormat.Active(System.Text.Encoding.UTF8.GetBytes(file.Recording.Clock));
        _trace.KnownClock(file.Recording.HasNanoseconds && clock == ClockDomain.Cycles ? ClockDomain.FtraceLocal : clock ?? ClockDomain.None);
        job.Incident.TraceClock ??= clock;

        if (KernelVersion.Parse(file.Recording.Machine, job.At(0)) is { } machine)
        {
            job.Incident.Kernel ??= KernelVersion.Number(machine.KernelVersion);
            job.Fact(machine);
        }

        foreach (var text in file.Recording.Statistics)
        {
            Statistics(System.Text.Encoding.UTF8.GetBytes(text));
        }
    }

    private void Statistics(ReadOnlySpan<byte> text)
    {
        var cpu = -1;
        while (!text.IsEmpty)
        {
            var line = HeadLines.Next(ref text);
            var colon = line.IndexOf(": "u8);
            if (colon <= 0 || !Ascii.Whole(line[(colon + 2)..], out var value) || value > int.MaxValue)
            {
                continue;
            }

            var name = line[..colon];
            if (name.SequenceEqual("CPU"u8))
            {
                cpu = (int)value;
            }
            else if (value > 0 && (name.SequenceEqual("overrun"u8) || name.SequenceEqual("dropped events"u8)))
            {
                job.Lost += (long)value;
                job.Fact(new LossFact(cpu, (long)value, name.SequenceEqual("overrun"u8), job.At(0)));
            }
        }
    }

    private void Record(RingReader ring)
    {
        job.Records++;
        if (ring.LostBefore != 0)
        {
            _trace.Loss(job.Records, ring.Cpu, Math.Max(ring.LostBefore, 0));
        }

        var data = ring.Data;
        if (data.Length < 8 || !file.Layouts.TryGetValue(Number(data), out var layout))
        {
            job.Skipped++;
            _undescribed++;
            return;
        }

        job.Understood++;
        var pid = file.BigEndian ? System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(data[4..]) : System.Buffers.Binary.BinaryPrimitives.ReadInt32LittleEndian(data[4..]);

        // common_flags: hardirq 0x08, softirq 0x10, NMI 0x40 (include/linux/trace_events.h); a breakpoint-based kprobe looks
        // like an NMI in a hard interrupt, whatever it interrupted.
        var header = new LineHeader
        {
            Comm = pid == 0 ? Idle : file.Tasks.GetValueOrDefault(pid, []),
            Pid = pid,
            Cpu = ring.Cpu,
            Interrupt = (data[2] & 0x18) != 0 && (data[2] & 0x40) == 0,
            Time = file.Recording.Nanoseconds(ring.Time),
            Decimals = 9,
        };
        var context = _trace.Context(header, job.Records);
        _trace.Event(context, layout.NameBytes, _text.Body(layout, data));
        if (layout.Name == "kernel_stack")
        {
            _text.Stack(layout, data, _trace);
        }
    }

    private int Number(ReadOnlySpan<byte> data) => file.BigEndian
        ? System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(data)
        : System.Buffers.Binary.BinaryPrimitives.ReadUInt16LittleEndian(data);
}
