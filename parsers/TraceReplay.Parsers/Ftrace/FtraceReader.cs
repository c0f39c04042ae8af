using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Reads tracefs text and <c>trace-cmd report</c> text line by line.</summary>
internal sealed class FtraceReader(SourceJob job)
{
    private readonly TraceLines _trace = new(job);
    private readonly LineReader _lines = job.OpenLines();
    private bool _refused;

    /// <summary>Reads to the end.</summary>
    public void Run()
    {
        while (_lines.Next(out var line))
        {
            if (LineHeader.TryParse(line, out var header))
            {
                job.Understood++;
                var context = _trace.Context(header, _lines.LineNumber);
                _trace.Event(context, header.Name, header.Body);
            }
            else
            {
                OtherLine(line);
            }
        }

        job.Records = _lines.LineNumber;
        job.Skipped += _lines.Overlong;
        _trace.Finish();
        if (job.Understood == 0 && job.Skipped > 0 && !_refused)
        {
            job.Report(
                Notice.RefusedForm, 0,
                "no line has task, CPU, time and event (option nocontext-info, raw, hex or latency, or trace-cmd report -l); record or report again without it");
        }

        Accounts.Report(job, _lines, "event lines");
    }

    private void OtherLine(ReadOnlySpan<byte> line)
    {
        if (_trace.Frame(line))
        {
            job.Continuations++;
        }
        else if (line.IsEmpty || line[0] == (byte)'#' || line.StartsWith("cpus="u8) || line.StartsWith("version = "u8))
        {
            job.Comments++;
            Comment(line);
        }
        else if (LossLine.TryParse(line, out var cpu, out var lost))
        {
            job.Understood++;
            _trace.Loss(_lines.LineNumber, cpu, lost);
        }
        else if (_trace.MarkerContinues(line))
        {
            job.Continuations++;
        }
        else
        {
            job.Skipped++;
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
                job.Fact(new LossFact((int)cpu, -1, true, job.At(_lines.LineNumber)));
            }
        }
        else if (!_refused && line.IndexOf("latency trace v1."u8) > 0)
        {
            _refused = true;
            job.Report(
                Notice.RefusedForm, _lines.LineNumber,
                "this is the latency format, whose lines lack the full task name and time; record again with `echo nolatency-format > trace_options`");
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
        job.Lost += lost;
        job.Fact(new LossFact(-1, lost, true, job.At(_lines.LineNumber)));
        job.Report(Notice.TraceLoss, _lines.LineNumber, $"the oldest {lost} events were overwritten before the trace was read");
    }
}
