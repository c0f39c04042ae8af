using TraceReplay.Core;
using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.BlockTrace;

/// <summary>Text of <c>blkparse</c>: what the disks were asked for, and when (spec formats.md 5.3).</summary>
internal sealed class BlkparseFormat : IFormat
{
    private const int SectorBytes = 512;

    /// <inheritdoc/>
    public string Name => "blkparse";

    /// <inheritdoc/>
    public string Description => "output of blkparse: block requests of blktrace";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var head = input.Head;
        var summary = head.IndexOf("\nCPU0 ("u8);
        head = summary > 0 ? head[..summary] : head;
        var share = HeadLines.Share(head, 200, line => BlkparseLine.TryParse(line, out _));
        return share >= 60 ? new ProbeResult(88, $"{share} % lines of blkparse") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        job.Clock = ClockDomain.Relative;
        var lines = job.OpenLines();
        var names = new NameCache(job.Names);
        var isOver = false;
        while (lines.Next(out var line))
        {
            if (!isOver && BlkparseLine.TryParse(line, out var parts))
            {
                job.Understood++;
                Event(job, lines.LineNumber, parts, names);
            }
            else if (isOver || line.IsEmpty || IsSummary(line))
            {
                // Sums of each CPU and of all follow the events.
                isOver |= !line.IsEmpty;
                job.Comments++;
                Skips(job, lines.LineNumber, line);
            }
            else
            {
                job.Skipped++;
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        Accounts.Report(job, lines, "lines of blkparse");
    }

    private static void Event(SourceJob job, long number, scoped in BlkparseLine parts, NameCache names)
    {
        var name = NameOf(parts.Action, out var kind);
        ref var item = ref job.NewEvent();
        item.Line = number;
        item.TimeNs = parts.TimeNs;
        item.Kind = kind;
        item.NameId = names.Intern(name);
        item.Cpu = parts.Cpu;
        item.Pid = parts.Pid;
        item.CommId = kind == EventKind.BlockComplete ? 0 : names.Intern(parts.Process);
        item.ConsumerId = names.Intern(parts.Device);
        if (parts.HasSectors)
        {
            item.Arg = unchecked((long)parts.Sector);
            item.Bytes = parts.Sectors * SectorBytes;
            item.Fields = EventFields.Arg | EventFields.Bytes;
        }
    }

    /// <summary>The tracepoint an action stands for (kernel/trace/blktrace.c).</summary>
    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> action, out EventKind kind)
    {
        kind = EventKind.Other;
        switch (action)
        {
            case [(byte)'D']:
                kind = EventKind.BlockIssue;
                return "block_rq_issue"u8;
            case [(byte)'C']:
                kind = EventKind.BlockComplete;
                return "block_rq_complete"u8;
            case [(byte)'R']:
                kind = EventKind.BlockRequeue;
                return "block_rq_requeue"u8;
            case [(byte)'B']:
                return "block_bio_bounce"u8;
            case [(byte)'Q']:
                return "block_bio_queue"u8;
            case [(byte)'I']:
                return "block_rq_insert"u8;
            default:
                return "blktrace"u8;
        }
    }

    private static bool IsSummary(ReadOnlySpan<byte> line) => line.StartsWith("CPU"u8) || line.StartsWith("Total ("u8) || line.StartsWith("Input file "u8);

    /// <summary><c>Skips: 12 forward (340 -   1.2%)</c>: gaps in the numbers of the events.</summary>
    private static void Skips(SourceJob job, long number, ReadOnlySpan<byte> line)
    {
        var at = "Skips: ".Length;
        var open = line.IndexOf((byte)'(') + 1;
        if (line.StartsWith("Skips: "u8) && Ascii.Decimal(line, ref at, out var gaps) && gaps > 0 && open > 0 && Ascii.Decimal(line, ref open, out var lost))
        {
            job.Lost += (long)Math.Min(lost, int.MaxValue);
            job.Fact(new LossFact(-1, (long)Math.Min(lost, int.MaxValue), false, job.At(number)));
        }
    }
}
