using TraceReplay.Core;
using TraceReplay.Parsers.KernelLog;
using TraceReplay.Parsers.ProbeDefinitions;

namespace TraceReplay.Parsers;

/// <summary>What the sources of one incident read so far have said that later ones need.</summary>
internal sealed class Incident(ReaderOptions options, NameTable names, MessageCatalog? ownCatalog = null)
{
    /// <summary>What the user said.</summary>
    public ReaderOptions Options { get; } = options;

    /// <summary>Names of all events of the incident.</summary>
    public NameTable Names { get; } = names;

    /// <summary>Probe definitions by event name.</summary>
    public Dictionary<string, ProbeDefinition> Probes { get; } = new(StringComparer.Ordinal);

    /// <summary>Bindings of the user's own file, by event name.</summary>
    public Dictionary<string, ProbeBinding> Bindings { get; } = new(StringComparer.Ordinal);

    /// <summary>The messages that logs are searched for.</summary>
    public MessageCatalog Catalog => ownCatalog ?? MessageCatalog.Shared;

    /// <summary>Drivers by the device that a kernel log names them with.</summary>
    public Dictionary<string, string> Drivers { get; } = new(StringComparer.Ordinal);

    /// <summary>Clock of the traces according to a trace_clock file, null if there is none.</summary>
    public ClockDomain? TraceClock { get; set; }

    /// <summary>Upstream kernel version, null if not known.</summary>
    public Version? Kernel { get; set; }

    /// <summary>CPU the ring statistics being read belong to, -1 = not said.</summary>
    public int StatsCpu { get; set; } = -1;

    /// <summary>The recordings read so far: path of the first trace, clock, and the order of its traces.</summary>
    public List<(string Path, ClockDomain Clock, List<TraceOrder> Traces)> Recordings { get; } = [];

    /// <summary>From when to when logs with years are, nanoseconds since 1970.</summary>
    public List<(string Path, long First, long Last)> WallSpans { get; } = [];

    /// <summary>Times at which marker texts stand in the kernel log, nanoseconds; the first of equal ones.</summary>
    public Dictionary<string, long> LogMarkers { get; } = new(StringComparer.Ordinal);
}
