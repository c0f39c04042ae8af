using TraceReplay.Core;
using TraceReplay.Parsers.KernelIdentity;

namespace TraceReplay.Parsers.KernelLog;

/// <summary>Turns boot lines into facts: the machine, the geometry of its pools.</summary>
internal static class MachineMessages
{
    private const int SlotBytes = 2048;
    private const int PageBytes = 4096;

    /// <summary>Hands over what a line of use <see cref="MessageUse.Machine"/> says.</summary>
    /// <param name="job">The source.</param>
    /// <param name="family">Its family.</param>
    /// <param name="fields">Its values.</param>
    /// <param name="message">The message.</param>
    /// <param name="source">Where it stands.</param>
    public static void Machine(SourceJob job, MessageFamily family, MessageFields fields, ReadOnlySpan<byte> message, SourceRef source)
    {
        switch (family.Name)
        {
            case "kernel-banner":
                if (KernelVersion.Parse("Linux version " + fields.Text("banner"), source) is { } machine)
                {
                    job.Incident.Kernel ??= KernelVersion.Number(machine.KernelVersion);
                    job.Fact(machine);
                }

                if (KernelVersion.BuildYear(fields.Text("banner")) is { } year)
                {
                    job.Years?.Built(year);
                }

                break;
            case "kernel-release":
                // Letters of the taint stand in front of the release, behind a colon.
                var word = fields.Text("release").Split(' ', StringSplitOptions.RemoveEmptyEntries).LastOrDefault(string.Empty).Trim('(', ')');
                if (KernelVersion.Parse($"Linux version {word} #{fields.Text("build")}", source) is { } release)
                {
                    job.Incident.Kernel ??= KernelVersion.Number(release.KernelVersion);
                    job.Fact(release);
                }

                break;
            case "kernel-command-line":
                job.Fact(new MachineFact(source) { CommandLine = fields.Text("cmdline").Trim() });
                break;
            case "cpu-count":
                job.Fact(new MachineFact(source) { Cpus = (int?)fields.Number("cpus") });
                break;
            case "scsi-device" or "scsi-attached" or "scsi-host" or "driver-version":
                ScsiMessages.Take(job, family.Name, fields, message, source);
                break;
            default:
                if (fields.Text("model").Trim() is { Length: > 0 } model)
                {
                    job.Fact(new MachineFact(source) { Model = model });
                }

                break;
        }
    }

    /// <summary>The geometry that a line states.</summary>
    /// <param name="family">Its family.</param>
    /// <param name="fields">Its values: <c>base end last mib kib bytes units areas</c>.</param>
    /// <param name="source">Where it stands.</param>
    /// <returns>The geometry.</returns>
    public static PoolGeometryFact Geometry(MessageFamily family, MessageFields fields, SourceRef source)
    {
        var start = fields.Address("base");
        var end = fields.Address("end") ?? (fields.Address("last") is { } last ? last + 1 : null);
        var bytes = (fields.Number("mib") << 20) ?? (fields.Number("kib") << 10) ?? fields.Number("size");
        long? unitBytes = family.Pool switch
        {
            PoolKind.Swiotlb or PoolKind.SwiotlbXen => SlotBytes,
            PoolKind.Gart or PoolKind.Cma or PoolKind.Coherent or PoolKind.Tce => PageBytes,
            _ => null,
        };
        if (start is { } from && end is { } to && to > from && to - from <= long.MaxValue)
        {
            bytes = (long)(to - from);
        }

        return new PoolGeometryFact(family.Pool, source, GeometryOrigin.Log)
        {
            Base = start,
            End = end,
            Units = fields.Number("units") ?? (unitBytes is { } size && bytes is > 0 ? bytes / size : null),
            UnitBytes = unitBytes,
            Areas = (int?)fields.Number("areas"),
        };
    }
}
