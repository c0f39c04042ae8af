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
                break;
            }
        }

        return ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job) => new FtraceReader(job).Run();
}
