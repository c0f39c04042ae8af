namespace TraceReplay.Core;

/// <summary>Something a source states that is not an event: geometry, machine, device, sample, failure line.</summary>
/// <param name="Source">Where it stands.</param>
public abstract record Fact(SourceRef Source);

/// <summary>Geometry of a pool as read from kernel memory, debugfs, boot lines or the command line. Null = not said.</summary>
/// <param name="Kind">Which kind of pool.</param>
/// <param name="Source">Where it stands.</param>
/// <param name="Origin">How it is known, best first.</param>
public sealed record PoolGeometryFact(PoolKind Kind, SourceRef Source, GeometryOrigin Origin) : Fact(Source)
{
    /// <summary>Bus address of the first unit.</summary>
    public ulong? Base { get; init; }

    /// <summary>Address after the last unit.</summary>
    public ulong? End { get; init; }

    /// <summary>Number of units (slots, entries, page frames).</summary>
    public long? Units { get; init; }

    /// <summary>Bytes of a unit.</summary>
    public long? UnitBytes { get; init; }

    /// <summary>Number of areas (swiotlb) or sub-pools (TCE).</summary>
    public int? Areas { get; init; }

    /// <summary>Every mapping bounces, whatever the device could reach.</summary>
    public bool? Forced { get; init; }

    /// <summary>The pool grows by itself (CONFIG_SWIOTLB_DYNAMIC).</summary>
    public bool? CanGrow { get; init; }

    /// <summary>Identity of the pool in the trace (<c>tbl</c>, <c>iovad</c> pointer), 0 = not said.</summary>
    public ulong PoolRef { get; init; }

    /// <summary>Device the pool belongs to, empty if shared by all.</summary>
    public string Device { get; init; } = string.Empty;

    /// <summary>Further values by name, for the geometry JSON (TCE <c>offset</c>, <c>blocksize</c>, …).</summary>
    public IReadOnlyDictionary<string, long> More { get; init; } = new Dictionary<string, long>(StringComparer.Ordinal);
}

/// <summary>How a geometry value is known; lower is better.</summary>
public enum GeometryOrigin
{
    /// <summary>The user said so.</summary>
    Option,

    /// <summary>Read from kernel memory by a probe, or stated by the trace's own events.</summary>
    Trace,

    /// <summary>A kernel message or debugfs value.</summary>
    Log,

    /// <summary>The kernel's default for this version and command line.</summary>
    Default,
}

/// <summary>The machine and kernel. Null = not said by this source.</summary>
/// <param name="Source">Where it stands.</param>
public sealed record MachineFact(SourceRef Source) : Fact(Source)
{
    /// <summary>Kernel release as printed, for example <c>6.1.0-56-amd64</c>.</summary>
    public string? KernelRelease { get; init; }

    /// <summary>Upstream version where a distribution's release hides it (<c>6.1.192</c> in <c>Debian 6.1.192-2</c>).</summary>
    public string? KernelVersion { get; init; }

    /// <summary>Architecture (<c>x86_64</c>, <c>ppc64le</c>).</summary>
    public string? Arch { get; init; }

    /// <summary>Kernel command line.</summary>
    public string? CommandLine { get; init; }

    /// <summary>Number of CPUs.</summary>
    public int? Cpus { get; init; }

    /// <summary>Wall time of boot, where the log tells it (ISO 8601).</summary>
    public string? BootTime { get; init; }

    /// <summary>Machine model (DMI or device tree), where told.</summary>
    public string? Model { get; init; }

    /// <summary>Memory the kernel manages, bytes (<c>MemTotal</c>, or the sum of <c>System RAM</c>).</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Highest address of memory plus one, bytes: above 4 GiB, 32-bit devices cannot reach all of it.</summary>
    public long? MemoryEnd { get; init; }

    /// <summary>Name of the distribution (<c>PRETTY_NAME</c> of os-release, <c>/etc/redhat-release</c>).</summary>
    public string? Distribution { get; init; }
}

/// <summary>What is known of a device. Null = not said.</summary>
/// <param name="Name">Device name (<c>0000:00:05.0</c>).</param>
/// <param name="Source">Where it stands.</param>
public sealed record DeviceFact(string Name, SourceRef Source) : Fact(Source)
{
    /// <summary>Driver bound to it.</summary>
    public string? Driver { get; init; }

    /// <summary>Bits of its streaming DMA mask.</summary>
    public int? DmaMaskBits { get; init; }

    /// <summary>Bus (<c>pci</c>, <c>scsi</c>, …).</summary>
    public string? Bus { get; init; }

    /// <summary>Vendor and device id, hexadecimal: <c>10df:f100</c>.</summary>
    public string? Ids { get; init; }

    /// <summary>PCI class, hexadecimal: <c>0c04</c>.</summary>
    public string? ClassCode { get; init; }

    /// <summary>What it is, as people read it: <c>Fibre Channel: Emulex Corporation ...</c>.</summary>
    public string? Description { get; init; }

    /// <summary>Number of its IOMMU group, where the source tells.</summary>
    public int? IommuGroup { get; init; }
}

/// <summary>A consumer (disk, LUN, interface) that belongs to a device.</summary>
/// <param name="Consumer">Name as events call it: <c>8,16</c>, <c>sda</c>, <c>0:0:0:1</c>, <c>eth0</c>.</param>
/// <param name="Alias">Another name of the same consumer, empty if none.</param>
/// <param name="Device">The device that does its DMA.</param>
/// <param name="Source">Where it stands.</param>
public sealed record ConsumerFact(string Consumer, string Alias, string Device, SourceRef Source) : Fact(Source);

/// <summary>A reading of the pool's use counter.</summary>
/// <param name="Kind">Which kind of pool.</param>
/// <param name="Moment">When, as far as told.</param>
/// <param name="TimeNs">Uptime of the reading in nanoseconds, <see cref="TraceEvent.NoTime"/> if not told.</param>
/// <param name="UsedUnits">Units in use.</param>
/// <param name="TotalUnits">Units in the pool, if told.</param>
/// <param name="Source">Where it stands.</param>
public sealed record UsageFact(
    PoolKind Kind, UsageMoment Moment, long TimeNs, long UsedUnits, long? TotalUnits, SourceRef Source) : Fact(Source)
{
    /// <summary>Highest use ever, if told.</summary>
    public long? HighWaterUnits { get; init; }
}

/// <summary>When a <see cref="UsageFact"/> was read.</summary>
public enum UsageMoment
{
    /// <summary>At a time of its own (<see cref="UsageFact.TimeNs"/>).</summary>
    Sample,

    /// <summary>Before the trace was switched on.</summary>
    BeforeTrace,

    /// <summary>After the trace was switched off.</summary>
    AfterTrace,
}

/// <summary>A kernel message that says a mapping failed, or that belongs to this field.</summary>
/// <param name="Family">Family of the catalog (<c>swiotlb-full</c>, <c>tce-alloc-failed</c>, …).</param>
/// <param name="Kind">Kind of pool it speaks of.</param>
/// <param name="IsFailure">It states one failed mapping (counted in <c>failures</c>).</param>
/// <param name="TimeNs">Time of the line.</param>
/// <param name="Text">The message without its envelope.</param>
/// <param name="Source">Where it stands.</param>
public sealed record LogMessageFact(
    string Family, PoolKind Kind, bool IsFailure, long TimeNs, string Text, SourceRef Source) : Fact(Source)
{
    /// <summary>Device named by the line, empty if none.</summary>
    public string Device { get; init; } = string.Empty;

    /// <summary>Driver named by the line, empty if none.</summary>
    public string Driver { get; init; } = string.Empty;

    /// <summary>Bytes asked for.</summary>
    public long? Bytes { get; init; }

    /// <summary>Pages or entries asked for.</summary>
    public long? Pages { get; init; }

    /// <summary>Units in the pool.</summary>
    public long? TotalUnits { get; init; }

    /// <summary>Units in use.</summary>
    public long? UsedUnits { get; init; }

    /// <summary>How many lines of the same kind were suppressed (rate limiting), for suppression lines.</summary>
    public long? Suppressed { get; init; }

    /// <summary>Kernel function the line names, empty if none.</summary>
    public string Function { get; init; } = string.Empty;

    /// <summary>Boot of its log that the line belongs to, 1-based; 0 = not told apart.</summary>
    public int Boot { get; init; }

    /// <summary>Name of the machine as the log daemon wrote it, without its domain; empty if not told.</summary>
    public string Host { get; init; } = string.Empty;

    /// <summary>All further fields of the template, by name.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A recognised log line, or one kept for context.</summary>
/// <param name="TimeNs">Time, <see cref="TraceEvent.NoTime"/> if none.</param>
/// <param name="Level">syslog level 0..7, -1 if not told.</param>
/// <param name="Text">The message without its envelope.</param>
/// <param name="Source">Where it stands.</param>
public sealed record LogRecordFact(long TimeNs, int Level, string Text, SourceRef Source) : Fact(Source);

/// <summary>One of several boots that a log holds.</summary>
/// <param name="Number">1-based, in the order of the log.</param>
/// <param name="Source">The line it begins with.</param>
public sealed record BootFact(int Number, SourceRef Source) : Fact(Source)
{
    /// <summary>Kernel release of its banner, empty if not told.</summary>
    public string Kernel { get; init; } = string.Empty;

    /// <summary>systemd's id of the boot, empty if not told.</summary>
    public string Id { get; init; } = string.Empty;
}

/// <summary>Offset between two clocks: <c>to = from + OffsetNs</c>.</summary>
/// <param name="From">Clock of the source that states it.</param>
/// <param name="To">The other clock.</param>
/// <param name="OffsetNs">What to add, nanoseconds.</param>
/// <param name="Source">Where it stands.</param>
public sealed record ClockOffsetFact(ClockDomain From, ClockDomain To, long OffsetNs, SourceRef Source) : Fact(Source)
{
    /// <summary>Boot of its log that it holds for, 1-based; 0 = not told apart.</summary>
    public int Boot { get; init; }

    /// <summary>Lines that tell it.</summary>
    public long Lines { get; init; } = 1;

    /// <summary>How far those lines differ, nanoseconds: the true offset is the least, delay adds to it.</summary>
    public long SpreadNs { get; init; }

    /// <summary>Time on <see cref="From"/> since which it holds, where the clock was set in between; <see cref="TraceEvent.NoTime"/> = from the beginning.</summary>
    public long SinceNs { get; init; } = TraceEvent.NoTime;
}

/// <summary>Loss of trace data, as the tracer says.</summary>
/// <param name="Cpu">CPU, -1 all.</param>
/// <param name="Lost">Events lost, -1 unknown.</param>
/// <param name="AtStart">Only the beginning is missing (overwritten oldest events).</param>
/// <param name="Source">Where it stands.</param>
public sealed record LossFact(int Cpu, long Lost, bool AtStart, SourceRef Source) : Fact(Source);
