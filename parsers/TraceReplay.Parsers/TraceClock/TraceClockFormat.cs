using System.Text;
using TraceReplay.Core;

namespace TraceReplay.Parsers.TraceClock;

/// <summary>The <c>trace_clock</c> file of tracefs: <c>[local] global counter ...</c>, the active one in brackets.</summary>
internal sealed class TraceClockFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "trace-clock";

    /// <inheritdoc/>
    public string Description => "trace_clock of tracefs";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Definition;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input) => input.IsWhole && input.Head.Length < 4096 && Active(input.FirstLine) is not null
        ? new ProbeResult(95, "list of trace clocks")
        : ProbeResult.No;

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            job.Records++;
            if (Active(line) is { } clock)
            {
                job.Understood++;
                job.Incident.TraceClock = clock;
                job.Clock = clock;
            }
            else
            {
                job.Skipped++;
            }
        }
    }

    /// <summary>The clock in brackets.</summary>
    /// <param name="line">Content of the file.</param>
    /// <returns>The clock, null if the line is no list of clocks.</returns>
    internal static ClockDomain? Active(ReadOnlySpan<byte> line)
    {
        if (line.Length > 4096)
        {
            return null;
        }

        var words = Encoding.UTF8.GetString(line).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var active = Array.Find(words, word => word.Length > 2 && word[0] == '[' && word[^1] == ']');
        return active is null || !words.Any(word => word.Trim('[', ']') == "global") ? null : Named(active[1..^1]);
    }

    private static ClockDomain? Named(string name) => name switch
    {
        "local" or "perf" => ClockDomain.FtraceLocal,
        "global" => ClockDomain.FtraceGlobal,
        "counter" => ClockDomain.Counter,
        "uptime" => ClockDomain.Jiffies,
        "mono" => ClockDomain.Mono,
        "mono_raw" => ClockDomain.MonoRaw,
        "boot" => ClockDomain.Boot,
        "tai" => ClockDomain.Tai,
        "x86-tsc" or "ppc-tb" => ClockDomain.Cycles,
        _ => null,
    };
}
