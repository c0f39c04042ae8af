using TraceReplay.Parsers.Babeltrace;
using TraceReplay.Parsers.BlockQueues;
using TraceReplay.Parsers.BlockTrace;
using TraceReplay.Parsers.Bpftrace;
using TraceReplay.Parsers.CanonicalCsv;
using TraceReplay.Parsers.CommandLine;
using TraceReplay.Parsers.CpuCount;
using TraceReplay.Parsers.DmaDebug;
using TraceReplay.Parsers.Ftrace;
using TraceReplay.Parsers.Journal;
using TraceReplay.Parsers.KernelIdentity;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.Machine;
using TraceReplay.Parsers.Memory;
using TraceReplay.Parsers.Modules;
using TraceReplay.Parsers.Multipath;
using TraceReplay.Parsers.PciDevices;
using TraceReplay.Parsers.PciList;
using TraceReplay.Parsers.PerfData;
using TraceReplay.Parsers.PerfScript;
using TraceReplay.Parsers.ProbeDefinitions;
using TraceReplay.Parsers.ProcScsi;
using TraceReplay.Parsers.Refused;
using TraceReplay.Parsers.RingStats;
using TraceReplay.Parsers.ScsiDevices;
using TraceReplay.Parsers.SwiotlbDebugfs;
using TraceReplay.Parsers.Sysfs;
using TraceReplay.Parsers.TceTables;
using TraceReplay.Parsers.TraceClock;
using TraceReplay.Parsers.TraceCmd;
using TraceReplay.Parsers.TraceDat;
using TraceReplay.Parsers.UsageSamples;
using TraceReplay.Parsers.Useless;

namespace TraceReplay.Parsers;

/// <summary>What a user can be told of a format.</summary>
/// <param name="Name">Name for <c>--input-format</c> and the database.</param>
/// <param name="Description">One line for people.</param>
/// <param name="Role">Its part in an incident.</param>
public sealed record FormatInfo(string Name, string Description, SourceRole Role);

/// <summary>The registry of formats. A format is a folder; adding one is a line here (parsers/README.md).</summary>
public static class Formats
{
    /// <summary>Bytes a probe is shown.</summary>
    internal const int HeadBytes = 1 << 16;

    // Of equal scores the first wins: the more particular formats stand first.
    private static readonly IFormat[] Registered =
    [
        new TraceCmdReportFormat(),
        new FtraceTextFormat(),
        new PerfScriptFormat(),
        new BabeltraceFormat(),
        new BlkparseFormat(),
        new BpftraceFormat(),
        new TraceDatFormat(),
        new PerfDataFormat(),
        new RefusedFormat(),
        new ProbeDefinitionsFormat(),
        new TraceClockFormat(),
        new KernelIdentityFormat(),
        new SwiotlbDebugfsFormat(),
        new CanonicalCsvFormat(),
        new UsageSamplesFormat(),
        new PciDevicesFormat(),
        new BlockQueuesFormat(),
        new ScsiDevicesFormat(),
        new ProcScsiFormat(),
        new MultipathFormat(),
        new SysfsValuesFormat(),
        new SystoolFormat(),
        new ModuleListFormat(),
        new ModuleInfoFormat(),
        new ModuleOptionsFormat(),
        new IomemFormat(),
        new MeminfoFormat(),
        new LscpuFormat(),
        new ReleaseFormat(),
        new PciListFormat(),
        new TceTablesFormat(),
        new RingStatsFormat(),
        new CpuCountFormat(),
        new CommandLineFormat(),
        new UselessFormat(),
        new JournalExportFormat(),
        new JournalVerboseFormat(),
        new JsonLogFormat(),
        new DmaDebugDumpFormat(),
        new DmaDebugCountersFormat(),
        new DmesgFormat(),
        new SyslogFormat(),
        new PlainLogFormat(),
    ];

    /// <summary>All formats, for people.</summary>
    public static IReadOnlyList<FormatInfo> All { get; } =
        [.. Registered.Select(f => new FormatInfo(f.Name, f.Description, f.Role))];

    /// <summary>All formats.</summary>
    internal static IReadOnlyList<IFormat> Readers => Registered;

    /// <summary>A format by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The format, null if there is none.</returns>
    internal static IFormat? ByName(string name) =>
        Array.Find(Registered, f => string.Equals(f.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Finds the format of a source.</summary>
    /// <param name="input">Its first bytes.</param>
    /// <param name="best">How sure that is.</param>
    /// <returns>The format, null if none recognises it.</returns>
    internal static IFormat? Detect(in ProbeInput input, out ProbeResult best)
    {
        best = ProbeResult.No;
        IFormat? found = null;
        foreach (var format in Registered)
        {
            if (format.BestScore <= best.Score)
            {
                continue;
            }

            var result = format.Probe(input);
            if (result.Score > best.Score)
            {
                best = result;
                found = format;
            }
        }

        return found;
    }
}
