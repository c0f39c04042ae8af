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
        if (input.Head.IndexOf(". ... raw event: size "u8) >= 0 && input.Head.IndexOf("PERF_RECORD_"u8) >= 0)
        {
            return new ProbeResult(80, "dump of perf script -D");
        }

        // What perf says on standard error stands in front.
        var head = WithoutChatter(input.Head);
        var share = HeadLines.Share(head, 200, line => PerfLine.TryParse(line, out _) || line[0] is (byte)'\t' or (byte)'#');
        var events = HeadLines.Share(head, 200, line => PerfLine.TryParse(line, out var header) && header.Name.Contains((byte)':'));
        if (share >= 60 && events > 0)
        {
            // Full names at the stamp's place are perf's alone.
            return new ProbeResult(events >= 50 ? 92 : 75, $"{share} % lines of perf script");
        }

        share = HeadLines.Share(head, 200, line => PerfLine.TryParseWithoutTime(line, out _) || line[0] == (byte)'\t');
        events = HeadLines.Share(head, 200, line => PerfLine.TryParseWithoutTime(line, out _));
        return share >= 60 && events > 0 ? new ProbeResult(70, $"{share} % lines of perf script without times") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job) => new PerfScriptReader(job).Run();

    private static ReadOnlySpan<byte> WithoutChatter(ReadOnlySpan<byte> head)
    {
        const int Most = 100;
        var rest = head;
        for (var i = 0; i < Most && !rest.IsEmpty; i++)
        {
            var before = rest;
            var line = HeadLines.Next(ref rest);
            if (PerfLine.TryParse(line, out _) || PerfLine.TryParseWithoutTime(line, out _))
            {
                return before;
            }

            if (!line.IsEmpty && !ToolChatter.Is(line) && !line.StartsWith("#"u8) && !line.StartsWith("No kallsyms"u8))
            {
                return head;
            }
        }

        return head;
    }
}
