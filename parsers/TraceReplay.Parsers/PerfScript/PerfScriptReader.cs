using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.PerfScript;

/// <summary>Reads the output of <c>perf script</c> line by line.</summary>
internal sealed class PerfScriptReader
{
    private readonly SourceJob _job;
    private readonly TraceLines _trace;
    private readonly LineReader _lines;
    private readonly StampKind _stamps;
    private LineContext _context;
    private long _sum;
    private long _timeless;
    private bool _sawTimes;

    /// <summary>Prepares for one source.</summary>
    /// <param name="job">The source.</param>
    public PerfScriptReader(SourceJob job)
    {
        _job = job;
        _trace = new TraceLines(job);
        _stamps = Stamps(job.Pump.Head[..Math.Min(job.Pump.Head.Length, Formats.HeadBytes)]);
        _lines = job.OpenLines();
    }

    private enum StampKind
    {
        Absolute,
        Relative,
        Differences,
    }

    /// <summary>Reads to the end.</summary>
    public void Run()
    {
        while (_lines.Next(out var line))
        {
            if (PerfLine.TryParse(line, out var header))
            {
                _sawTimes = true;
                Event(header);
            }
            else if (!_sawTimes && PerfLine.TryParseWithoutTime(line, out header))
            {
                header.Time = ++_timeless;
                Event(header);
            }
            else
            {
                OtherLine(line);
            }
        }

        _job.Records = _lines.LineNumber;
        _job.Skipped += _lines.Overlong;
        _trace.Finish();
        if (_timeless > 0)
        {
            _job.Report(Notice.NoColumns, 0, "run perf script with -F +time");
        }
        else if (!_sawTimes && _job.Records > 0)
        {
            _job.Report(Notice.RefusedForm, 0, "there is no event line of perf script in it; run `perf script` without -D and without -F, and give the whole output");
        }

        Accounts.Report(_job, _lines, "event lines");
    }

    /// <summary>What the stamps count from: --reltime and --deltatime begin with zero, and only differences go back all the time.</summary>
    private static StampKind Stamps(ReadOnlySpan<byte> head)
    {
        var (seen, back) = (0, 0);
        var last = long.MinValue;
        while (!head.IsEmpty)
        {
            if (!PerfLine.TryParse(HeadLines.Next(ref head), out var header) || header.Name.StartsWith("PERF_RECORD_"u8))
            {
                continue;
            }

            if (seen++ == 0 && header.Time != 0)
            {
                return StampKind.Absolute;
            }

            back += header.Time < last ? 1 : 0;
            last = header.Time;
        }

        return seen == 0 ? StampKind.Absolute : back * 5 > seen ? StampKind.Differences : StampKind.Relative;
    }

    private void Event(LineHeader header)
    {
        _job.Understood++;
        if (header.Name.StartsWith("PERF_RECORD_"u8))
        {
            Record(header);
            return;
        }

        if (_stamps == StampKind.Differences)
        {
            header.Time = _sum = unchecked(_sum + header.Time);
        }

        header.IsRelative = _stamps != StampKind.Absolute;
        _context = _trace.Context(header, _lines.LineNumber);
        _trace.Event(_context, header.Name, header.Body);
    }

    /// <summary>Options --show-lost-events, --show-task-events and their like print records among the events.</summary>
    private void Record(scoped in LineHeader header)
    {
        if (!header.Name.StartsWith("PERF_RECORD_LOST"u8))
        {
            return;
        }

        var at = Math.Max(header.Body.IndexOf("lost "u8) + 5, 0);
        var isCounted = Ascii.Decimal(header.Body, ref at, out var lost);
        _trace.Loss(_lines.LineNumber, header.Cpu, isCounted ? (long)Math.Min(lost, int.MaxValue) : 0);
    }

    private void OtherLine(ReadOnlySpan<byte> line)
    {
        if (_context.Line > 0 && IsFrame(line, out var symbol))
        {
            _job.Continuations++;
            _trace.FrameOf(_context, symbol);
        }
        else if (line.StartsWith("Processed "u8) && line.IndexOf(" lost "u8) > 0)
        {
            // "Processed 5 events and lost 2 chunks!": how many events a chunk held is not known.
            _job.Comments++;
            _trace.Loss(_lines.LineNumber, -1, 0);
        }
        else if (line.IsEmpty || line[0] == (byte)'#' || _context.Line == 0 || ToolChatter.Is(line) || IsDump(line))
        {
            // What perf itself says on standard error often stands in front.
            _job.Comments++;
        }
        else
        {
            // A raw SCSI command may hold line ends: the rest of a record that no column begins.
            _job.Continuations++;
        }
    }

    /// <summary>Lines of the dump that option -D prints around every event.</summary>
    private static bool IsDump(ReadOnlySpan<byte> line) =>
        line.StartsWith(". "u8) || line.SequenceEqual("."u8) || line.StartsWith("... "u8) || line.StartsWith("0x"u8) || line.IndexOf(": PERF_RECORD_"u8) > 0;

    /// <summary><c>\tffffffff98e03fae blk_mq_start_request+0xde ([kernel.kallsyms])</c>.</summary>
    private static bool IsFrame(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> symbol)
    {
        symbol = default;
        if (line.IsEmpty || line[0] is not ((byte)'\t' or (byte)' '))
        {
            return false;
        }

        var text = line.TrimStart("\t "u8);
        var at = 0;
        if (!Ascii.Hex(text, ref at, out _) || at >= text.Length || text[at] != (byte)' ')
        {
            return false;
        }

        symbol = text[(at + 1)..];
        var end = symbol.LastIndexOf(" ("u8);
        symbol = end < 0 ? symbol : symbol[..end];
        var plus = symbol.LastIndexOf("+0x"u8);
        symbol = plus > 0 ? symbol[..plus] : symbol;
        return !symbol.IsEmpty;
    }
}
