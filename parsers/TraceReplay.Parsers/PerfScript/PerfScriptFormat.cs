using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.PerfScript;

/// <summary>Text of <c>perf script</c>.</summary>
internal sealed class PerfScriptFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "perf-script";

    /// <inheritdoc/>
    public string Description => "output of perf script";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var share = HeadLines.Share(input.Head, 200, line => PerfLine.TryParse(line, out _) || line[0] is (byte)'\t' or (byte)'#');
        var events = HeadLines.Share(input.Head, 200, line => PerfLine.TryParse(line, out var header) && header.Name.Contains((byte)':'));
        return share >= 60 && events > 0 ? new ProbeResult(75, $"{share} % lines of perf script") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var trace = new TraceLines(job);
        var lines = job.OpenLines();
        var context = default(LineContext);
        while (lines.Next(out var line))
        {
            if (PerfLine.TryParse(line, out var header))
            {
                job.Understood++;
                context = trace.Context(header, lines.LineNumber);
                trace.Event(context, header.Name, header.Body);
            }
            else if (context.Line > 0 && IsFrame(line, out var symbol))
            {
                job.Continuations++;
                trace.FrameOf(context, symbol);
            }
            else if (line.IsEmpty || line[0] == (byte)'#' || context.Line == 0 || IsTool(line))
            {
                // What perf itself says on standard error often stands in front.
                job.Comments++;
            }
            else
            {
                // A raw SCSI command may hold line ends: the rest of a record that no column begins.
                job.Continuations++;
            }
        }

        job.Records = lines.LineNumber;
        job.Skipped += lines.Overlong;
        trace.Finish();
        Accounts.Report(job, lines, "event lines");
    }

    private static bool IsTool(ReadOnlySpan<byte> line) => line.StartsWith("Warning:"u8) || line.StartsWith("  ["u8) || line.StartsWith("libtraceevent:"u8);

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
