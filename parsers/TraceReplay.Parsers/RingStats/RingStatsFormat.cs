using TraceReplay.Core;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.RingStats;

/// <summary><c>per_cpu/cpuN/stats</c> of tracefs: <c>cpu0 entries: 32866 overrun: 0 ...</c>, or one value per line. Overruns are
/// the oldest events overwritten, dropped events are the newest lost.</summary>
internal sealed class RingStatsFormat : LineFormat
{
    /// <inheritdoc/>
    public override string Name => "ring-stats";

    /// <inheritdoc/>
    public override string Description => "per_cpu/cpuN/stats of tracefs";

    /// <inheritdoc/>
    public override SourceRole Role => SourceRole.Definition;

    /// <inheritdoc/>
    public override ProbeResult Probe(in ProbeInput input) =>
        input.Head.Length < Formats.HeadBytes && input.Head.IndexOf("entries: "u8) >= 0 && input.Head.IndexOf("commit overrun: "u8) > 0
            && !input.Head.Contains((byte)'[')
            ? new ProbeResult(90, "ring buffer counters")
            : ProbeResult.No;

    /// <inheritdoc/>
    protected override bool Line(SourceJob job, ReadOnlySpan<byte> line, long number)
    {
        var at = 0;
        if (line.StartsWith("cpu"u8) || line.StartsWith("CPU: "u8))
        {
            at = line.StartsWith("CPU: "u8) ? 5 : 3;
            var isCpu = Ascii.Decimal(line, ref at, out var cpu);
            job.Incident.StatsCpu = isCpu && cpu < 65536 ? (int)cpu : -1;
        }

        var known = at > 0;
        at = 0;
        if (BodyNumber(line, "dropped events: "u8, ref at, out var dropped))
        {
            known = true;
            Loss(job, number, dropped, atStart: false);
        }

        at = 0;
        if (BodyNumber(line, "overrun: "u8, ref at, out var overrun) && !line.StartsWith("commit"u8))
        {
            known = true;
            Loss(job, number, overrun, atStart: true);
        }

        return known || line.Contains((byte)':');
    }

    private static void Loss(SourceJob job, long number, ulong lost, bool atStart)
    {
        if (lost > 0 && lost < long.MaxValue)
        {
            job.Lost += (long)lost;
            job.Fact(new LossFact(job.Incident.StatsCpu, (long)lost, atStart, job.At(number)));
        }
    }

    private static bool BodyNumber(ReadOnlySpan<byte> line, ReadOnlySpan<byte> key, ref int at, out ulong value) =>
        Ftrace.BodyFields.Number(line, key, ref at, out value);
}
