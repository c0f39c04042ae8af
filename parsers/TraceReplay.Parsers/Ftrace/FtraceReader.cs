using System.Globalization;
using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Reads tracefs text and <c>trace-cmd report</c> text line by line.</summary>
internal sealed class FtraceReader
{
    private readonly SourceJob _job;
    private readonly bool _isReport;
    private readonly TraceLines _trace;
    private readonly LineReader _lines;
    private long _bare;
    private long _numbersOnly;
    private long _graphEvents;
    private long _chatter;
    private bool _sawColumns;
    private bool _sawCpus;

    /// <summary>Prepares for one source.</summary>
    /// <param name="job">The source.</param>
    /// <param name="isReport">It is the output of trace-cmd, which may say things of its own before the first event.</param>
    public FtraceReader(SourceJob job, bool isReport)
    {
        _job = job;
        _isReport = isReport;
        _trace = new TraceLines(job);
        _lines = job.OpenLines();
    }

    /// <summary>Reads to the end.</summary>
    public void Run()
    {
        while (_lines.Next(out var line))
        {
            if (LineHeader.TryParse(line, out var header))
            {
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
        if (Refusal() is { } reason)
        {
            _job.Report(Notice.RefusedForm, 0, reason);
        }

        Accounts.Report(_job, _lines, "event lines");
    }

    private void Event(scoped in LineHeader header)
    {
        if (!_sawColumns)
        {
            _sawColumns = true;
            LookAtIntegers(header);
        }

        _job.Understood++;
        var context = _trace.Context(header, _lines.LineNumber);
        _trace.Event(context, header.Name, header.Body);
    }

    private void OtherLine(ReadOnlySpan<byte> line)
    {
        if (_trace.Frame(line))
        {
            _job.Continuations++;
        }
        else if (line.IsEmpty || line[0] == (byte)'#' || line.StartsWith("cpus="u8) || line.StartsWith("version = "u8))
        {
            _job.Comments++;
            Comment(line);
        }
        else if (LossLine.TryParse(line, out var cpu, out var lost))
        {
            _job.Understood++;
            _trace.Loss(_lines.LineNumber, cpu, lost);
        }
        else if (LatencyHeader.TryParse(line, out var header))
        {
            Event(header);
        }
        else if (_trace.MarkerContinues(line))
        {
            _job.Continuations++;
        }
        else
        {
            WithoutColumns(line);
        }
    }

    private void WithoutColumns(ReadOnlySpan<byte> line)
    {
        if (_isReport && (!_sawColumns || ToolChatter.Is(line)))
        {
            // Options -P, -f and -V print lists first.
            _job.Comments++;
            _chatter += ToolChatter.Is(line) ? 0 : 1;
        }
        else if (BareLine.IsGraph(line, out var holdsEvent))
        {
            _job.Comments++;
            _graphEvents += holdsEvent ? 1 : 0;
        }
        else if (BareLine.IsNumbersOnly(line))
        {
            _numbersOnly++;
            _job.Skipped++;
        }
        else if (!_sawColumns && BareLine.TryParse(line, out var bare) && (_bare > 0 || !ColumnsFollow()))
        {
            // What is left to tell one event from the next is their order.
            bare.Time = ++_bare;
            _job.Understood++;
            _trace.Event(_trace.Context(bare, _lines.LineNumber), bare.Name, bare.Body);
        }
        else
        {
            _job.Skipped++;
        }
    }

    /// <summary>What a shell or a user wrote above a trace may look like an event without columns.</summary>
    private bool ColumnsFollow()
    {
        const int Ahead = 16;
        for (var i = 0; i < Ahead && _lines.TryPeek(i, out var line); i++)
        {
            if (LineHeader.TryParse(line, out _) || LatencyHeader.TryParse(line, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why the source as a whole is of no or little use, null if it is not so.</summary>
    private string? Refusal()
    {
        if (_numbersOnly > _job.Understood)
        {
            return "this trace was printed with option raw, hex or bin: its lines number the events and leave out their fields; print it again after `echo noraw > trace_options; echo nohex > trace_options; echo nobin > trace_options`";
        }

        if (_graphEvents > _job.Understood)
        {
            return $"the function_graph tracer drew {_graphEvents.ToString(CultureInfo.InvariantCulture)} events as comments, without task and time; record again after `echo nop > current_tracer`";
        }

        if (_bare > 0)
        {
            _job.Report(Notice.NoColumns, 0, "recorded with option nocontext-info; record again after `echo context-info > trace_options`");
            return null;
        }

        return _job.Understood > 0 || _job.Records == _job.Comments ? OnlyLists() : "no line has task, CPU, time and event";
    }

    private string? OnlyLists() => !_isReport || _job.Understood > 0 || _chatter == 0 ? null
        : _sawCpus ? "this report has no events (options --stat, --profile and --uname print other things); run `trace-cmd report` without them"
        : "this is trace-cmd's list of functions (-f) or printk formats (-P), without events; run `trace-cmd report` without the option";

    /// <summary>Integer stamps: equal neighbours are ticks of a slow clock, which a counter cannot have (kernel/trace/trace_clock.c).</summary>
    private void LookAtIntegers(scoped in LineHeader first)
    {
        const int Ahead = 32;
        if (first.Decimals != 0 || first.IsRelative)
        {
            return;
        }

        var last = first.Time;
        for (var i = 0; i < Ahead && _lines.TryPeek(i, out var line); i++)
        {
            if (!LineHeader.TryParse(line, out var next))
            {
                continue;
            }

            if (next.Time == last)
            {
                _trace.IntegerClock(ClockDomain.Jiffies);
                return;
            }

            last = next.Time;
        }
    }

    private void Comment(ReadOnlySpan<byte> line)
    {
        var counts = line.IndexOf("entries-in-buffer/entries-written: "u8);
        if (counts > 0)
        {
            HeaderCounts(line[(counts + "entries-in-buffer/entries-written: ".Length)..]);
        }
        else if (line.StartsWith("##### CPU "u8))
        {
            var at = "##### CPU ".Length;
            if (Ascii.Decimal(line, ref at, out var cpu) && cpu <= 65535)
            {
                _job.Fact(new LossFact((int)cpu, -1, true, _job.At(_lines.LineNumber)));
            }
        }
        else if (line.StartsWith("cpus="u8))
        {
            _sawCpus = true;
        }
        else if (line.StartsWith("# latency: "u8) && line.IndexOf(", #"u8) is > 0 and var hash)
        {
            // "# latency: 0 us, #153/153, CPU#0 | ...": entries kept and written.
            HeaderCounts(line[(hash + 3)..]);
        }
    }

    /// <summary>Fewer events in the buffer than were written: the oldest were overwritten.</summary>
    private void HeaderCounts(ReadOnlySpan<byte> text)
    {
        var at = 0;
        if (!Ascii.Decimal(text, ref at, out var kept) || at >= text.Length || text[at++] != (byte)'/'
            || !Ascii.Decimal(text, ref at, out var written) || written <= kept)
        {
            return;
        }

        var lost = (long)Math.Min(written - kept, long.MaxValue);
        _job.Lost += lost;
        _job.Fact(new LossFact(-1, lost, true, _job.At(_lines.LineNumber)));
        _job.Report(Notice.TraceLoss, _lines.LineNumber, $"the oldest {lost} events were overwritten before the trace was read");
    }
}
