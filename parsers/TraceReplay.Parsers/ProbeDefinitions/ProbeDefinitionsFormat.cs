using System.Text;
using TraceReplay.Parsers.Text;

namespace TraceReplay.Parsers.ProbeDefinitions;

/// <summary><c>kprobe_events</c> and <c>dynamic_events</c>: what the trace's allocator probes fetch.</summary>
internal sealed class ProbeDefinitionsFormat : IFormat
{
    /// <inheritdoc/>
    public string Name => "probe-definitions";

    /// <inheritdoc/>
    public string Description => "kprobe_events or dynamic_events of tracefs";

    /// <inheritdoc/>
    public SourceRole Role => SourceRole.Definition;

    /// <inheritdoc/>
    public ProbeResult Probe(in ProbeInput input)
    {
        var share = HeadLines.Share(input.Head, 50, line => line.Length < 8192 && ProbeDefinition.Parse(Encoding.UTF8.GetString(line)) is not null);
        return share >= 60 ? new ProbeResult(90, "probe definition lines") : ProbeResult.No;
    }

    /// <inheritdoc/>
    public void Read(SourceJob job)
    {
        var lines = job.OpenLines();
        while (lines.Next(out var line))
        {
            job.Records++;
            var definition = ProbeDefinition.Parse(Encoding.UTF8.GetString(line));
            if (definition is null)
            {
                job.Skipped++;
                continue;
            }

            job.Understood++;
            job.Incident.Probes[definition.Event] = definition;
        }
    }
}
