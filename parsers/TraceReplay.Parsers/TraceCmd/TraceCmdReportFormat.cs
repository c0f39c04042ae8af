using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.TraceCmd;

/// <summary>Text of <c>trace-cmd report</c>: the columns of ftrace, bodies re-rendered by trace-cmd (spec formats.md 2.2).</summary>
internal sealed class TraceCmdReportFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "trace-cmd-report";

    /// <inheritdoc/>
    public string Description => "output of trace-cmd report";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var head = input.Head;
        var symbols = 0;
        while (!head.IsEmpty)
        {
            // Options -P, -f and the version line print something before it.
            var line = HeadLines.Next(ref head);
            if (line.StartsWith("cpus="u8) && line.Length > 5 && Ascii.IsDigit(line[5]))
            {
                return new ProbeResult(100, "cpus= line");
            }

            if (LineHeader.TryParse(line, out _) || line.StartsWith("#"u8))
            {
                return ProbeResult.No;
            }

            symbols = IsSymbol(line) ? symbols + 1 : ToolChatter.Is(line) ? symbols : head.IsEmpty && !input.IsWhole ? symbols : -Formats.HeadBytes;
        }

        const int Enough = 10;
        return symbols >= Enough ? new ProbeResult(70, "list of functions or formats, as of report -f and -P") : ProbeResult.No;
    }

    /// <summary><c>ffffffff8cc00000 _text</c>; /proc/kallsyms has a letter between.</summary>
    private static bool IsSymbol(ReadOnlySpan<byte> line)
    {
        var at = 0;
        return Ascii.Hex(line, ref at, out _) && at >= 8 && at + 3 < line.Length && line[at] == (byte)' ' && line[at + 1] != (byte)' ' && line[at + 2] != (byte)' ';
    }

    /// <inheritdoc/>
    public void Read(SourceJob job) => new FtraceReader(job, isReport: true).Run();
}
