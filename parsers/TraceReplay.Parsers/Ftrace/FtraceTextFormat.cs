using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.Ftrace;

/// <summary>Text of tracefs <c>trace</c> and <c>trace_pipe</c>.</summary>
internal sealed class FtraceTextFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "ftrace-text";

    /// <inheritdoc/>
    public string Description => "tracefs trace or trace_pipe as text";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Trace;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        if (input.Head.StartsWith("# tracer:"u8))
        {
            return new ProbeResult(100, "tracer header");
        }

        // A head that does not stand at the beginning (a shell's prompt above it) counts as part of the trace.
        var events = HeadLines.Share(input.Head, 200, IsEventLine);
        var share = HeadLines.Share(input.Head, 200, line => IsEventLine(line) || line[0] == (byte)'#');
        return share >= 60 && events >= 30 ? new ProbeResult(60 + (share / 4), $"{share} % event lines") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job) => new FtraceReader(job, isReport: false).Run();

    /// <summary>Whether a line could stand in a trace.</summary>
    /// <param name="line">The line.</param>
    /// <returns>True for events, stack frames, comments and loss lines.</returns>
    internal static bool IsEventLine(ReadOnlySpan<byte> line) =>
        LineHeader.TryParse(line, out _) || line.StartsWith(" => "u8) || line.StartsWith("=> "u8) || LossLine.TryParse(line, out _, out _) || LatencyHeader.TryParse(line, out _);
}
