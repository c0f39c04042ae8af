using System.IO.Hashing;
using System.Runtime.InteropServices;
using TraceReplay.Core;
using TraceReplay.Diagnosis.Messages;
using TraceReplay.Replay;

namespace TraceReplay.Diagnosis;

/// <summary>All facts of one case, sorted by kind; what several sources say of one thing is merged, the more specific
/// statement first.</summary>
/// <param name="filter">Which failures will be asked for, null = all: log messages are counted by it as they come.</param>
/// <param name="keptWhole">So many messages are kept whatever they are (<see cref="MessageLog"/>).</param>
public sealed class CaseFacts(FailureFilter? filter = null, int keptWhole = MessageLog.KeptWhole)
{
    /// <summary>Devices of which only log messages tell: more than these are not remembered.</summary>
    private const int MostNamedDevices = 8192;

    /// <summary>Messages whose repetition in another source is recognised by time and text alone; beyond, only
    /// <see cref="LogDuplicates"/> looks for it.</summary>
    private const int MostCompared = 1 << 17;

    private readonly Dictionary<string, DeviceFact> _devices = new(StringComparer.Ordinal);
    private readonly HashSet<string> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConsumerFact> _consumers = new(StringComparer.Ordinal);

    private readonly Dictionary<(long TimeNs, ulong Text), Seen> _messageSources = [];

    /// <summary>Messages left out because another source has them too.</summary>
    public long RepeatedMessages { get; private set; }

    /// <summary>Geometry statements.</summary>
    public List<PoolGeometryFact> Geometry { get; } = [];

    /// <summary>Use counter readings.</summary>
    public List<UsageFact> Usage { get; } = [];

    /// <summary>Every kernel release that a source states, in order; more than one is a contradiction.</summary>
    public List<(string Release, SourceRef Source)> Kernels { get; } = [];

    /// <summary>Kernel messages of this field.</summary>
    public MessageLog Messages { get; } = new(filter, keptWhole);

    /// <summary>Loss the tracer reports.</summary>
    public List<LossFact> Losses { get; } = [];

    /// <summary>The boots of logs that hold several, or name them.</summary>
    public List<BootFact> Boots { get; } = [];

    /// <summary>Clock offsets.</summary>
    public List<ClockOffsetFact> ClockOffsets { get; } = [];

    /// <summary>Whether a kernel log is among the sources: without one, no device can be called silent.</summary>
    public bool HasKernelLog { get; private set; }

    /// <summary>The machine, merged.</summary>
    public MachineFact Machine { get; private set; } = new(default(SourceRef));

    /// <summary>Hosts, LUNs, queues and parameters, merged.</summary>
    public Inventory Inventory { get; } = new();

    /// <summary>The devices known.</summary>
    public IReadOnlyCollection<DeviceFact> Devices => _devices.Values;

    /// <summary>The consumers (disks, LUNs, interfaces) known.</summary>
    public IReadOnlyCollection<ConsumerFact> Consumers => _consumers.Values;

    /// <summary>Clock of each source, by path.</summary>
    public Dictionary<string, ClockDomain> Clocks { get; } = new(StringComparer.Ordinal);

    /// <summary>The clocks of the logs, brought together as far as their lines tell.</summary>
    public Timeline Timeline => new(Clocks, ClockOffsets, Boots.Count == 0 && _hosts.Count <= 1);

    /// <summary>A source has ended.</summary>
    /// <param name="source">Its totals.</param>
    /// <param name="overlaps">What it has in common with earlier logs: the same messages at two clocks tell their distance.</param>
    public void End(SourceSummary source, IEnumerable<LogOverlap> overlaps)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(overlaps);
        Clocks[source.Path] = source.Clock;
        if (source.Host.Length > 0)
        {
            _hosts.Add(source.Host);
        }

        foreach (var overlap in overlaps)
        {
            var earlier = Clocks.GetValueOrDefault(overlap.Path);
            var (boot, wall, offset) = earlier == ClockDomain.BootPrintk ? (overlap.Path, source.Clock, overlap.OffsetNs) : (source.Path, earlier, -overlap.OffsetNs);
            if (earlier != source.Clock && Timeline.IsWall(wall) && Clocks[boot] == ClockDomain.BootPrintk)
            {
                // Whole seconds against parts of them.
                ClockOffsets.Add(new ClockOffsetFact(ClockDomain.BootPrintk, wall, offset, new SourceRef(boot, 0)) { Lines = overlap.Lines.Count, SpreadNs = 1_000_000_000L });
            }
        }
    }

    /// <summary>Takes a fact.</summary>
    /// <param name="fact">The fact.</param>
    public void Add(Fact fact)
    {
        switch (fact)
        {
            case PoolGeometryFact geometry:
                Geometry.Add(geometry);
                break;
            case UsageFact usage:
                Usage.Add(usage);
                break;
            case LogRecordFact:
                HasKernelLog = true;
                break;
            case LogMessageFact message:
                HasKernelLog = true;
                if (IsSeenElsewhere(message))
                {
                    RepeatedMessages++;
                    return;
                }

                Messages.Add(message);
                if (message is { Device.Length: > 0, Driver.Length: > 0 } && (_devices.Count < MostNamedDevices || _devices.ContainsKey(message.Device)))
                {
                    Add(new DeviceFact(message.Device, message.Source) { Driver = message.Driver });
                }

                break;
            case BootFact boot:
                Boots.Add(boot);
                break;
            case LossFact loss:
                Losses.Add(loss);
                break;
            case ClockOffsetFact offset:
                ClockOffsets.Add(offset);
                break;
            case MachineFact machine:
                if (machine.KernelRelease is { Length: > 0 } release && Kernels.All(k => k.Release != release))
                {
                    Kernels.Add((release, machine.Source));
                }

                Machine = Merge(Machine, machine);
                Inventory.Add(machine);
                break;
            case DeviceFact device:
                _devices[device.Name] = _devices.TryGetValue(device.Name, out var known) ? Merge(known, device) : device;
                break;
            case ConsumerFact consumer:
                // A list that only names consumers takes nothing away from one that knows more.
                _consumers[consumer.Consumer] = _consumers.TryGetValue(consumer.Consumer, out var knownConsumer)
                    ? consumer with
                    {
                        Alias = consumer.Alias.Length > 0 ? consumer.Alias : knownConsumer.Alias,
                        Device = consumer.Device.Length > 0 ? consumer.Device : knownConsumer.Device,
                    }
                    : consumer;
                break;
            default:
                Inventory.Add(fact);
                break;
        }
    }

    /// <summary>Driver of a device.</summary>
    /// <param name="device">Device name.</param>
    /// <returns>The driver, empty if not known.</returns>
    public string DriverOf(string device) =>
        _devices.TryGetValue(device, out var fact) && fact.Driver is { } driver && !IsBusName(driver) ? driver : string.Empty;

    /// <summary>Bits of a device's DMA mask.</summary>
    /// <param name="device">Device name.</param>
    /// <returns>Bits, null if not known.</returns>
    public int? MaskBitsOf(string device) => _devices.TryGetValue(device, out var fact) ? fact.DmaMaskBits : null;

    /// <summary>Friendlier name of a consumer.</summary>
    /// <param name="consumer">Name as events call it.</param>
    /// <returns>The alias, empty if none is known.</returns>
    public string AliasOf(string consumer) => _consumers.TryGetValue(consumer, out var fact) ? fact.Alias : string.Empty;

    /// <summary>Leaves out messages of a source that stand in an earlier one under another clock (<see cref="LogDuplicates"/>).</summary>
    /// <param name="path">The source.</param>
    /// <param name="lines">Its lines.</param>
    public void Drop(string path, IReadOnlySet<long> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        RepeatedMessages += Messages.Drop(path, lines);
    }

    /// <summary>The same line of the same moment in another source (a log rotated twice).</summary>
    private bool IsSeenElsewhere(LogMessageFact message)
    {
        if (message.TimeNs == TraceEvent.NoTime)
        {
            return false;
        }

        // Two machines may say the same in the same second.
        var host = message.Host.Length == 0 ? 0 : XxHash3.HashToUInt64(MemoryMarshal.AsBytes(message.Host.AsSpan()));
        var key = (message.TimeNs, XxHash3.HashToUInt64(MemoryMarshal.AsBytes(message.Text.AsSpan()), (long)host));
        if (_messageSources.Count >= MostCompared && !_messageSources.ContainsKey(key))
        {
            return false;
        }

        ref var seen = ref CollectionsMarshal.GetValueRefOrAddDefault(_messageSources, key, out _);
        return seen.Add(message.Source.Path);
    }

    /// <summary>How often a message stands in each source. Nearly always it is one source.</summary>
    private struct Seen
    {
        private string? _path;
        private int _count;
        private List<(string Path, int Count)>? _others;

        /// <summary>Counts one.</summary>
        /// <param name="path">The source.</param>
        /// <returns>Whether another source has it as often.</returns>
        public bool Add(string path)
        {
            _path ??= path;
            if (_path == path)
            {
                var own = ++_count;
                return _others?.Exists(o => o.Count >= own) ?? false;
            }

            var at = (_others ??= []).FindIndex(o => o.Path == path);
            var count = at < 0 ? 1 : _others[at].Count + 1;
            if (at < 0)
            {
                _others.Add((path, count));
            }
            else
            {
                _others[at] = (path, count);
            }

            return _count >= count || _others.Exists(o => o.Path != path && o.Count >= count);
        }
    }

    private static DeviceFact Merge(DeviceFact known, DeviceFact more) => known with
    {
        Driver = IsEmpty(known.Driver) || IsBusName(known.Driver) ? more.Driver ?? known.Driver : known.Driver,
        DmaMaskBits = known.DmaMaskBits ?? more.DmaMaskBits,
        Bus = known.Bus ?? more.Bus,
        Ids = known.Ids ?? more.Ids,
        ClassCode = known.ClassCode ?? more.ClassCode,
        Description = known.Description ?? more.Description,
        IommuGroup = known.IommuGroup ?? more.IommuGroup,
    };

    /// <summary>Before a driver binds, dev_printk prints the bus name in its place.</summary>
    private static bool IsBusName(string? name) => name is "pci" or "platform" or "virtio" or "usb";

    private static bool IsEmpty(string? text) => string.IsNullOrEmpty(text);

    private static MachineFact Merge(MachineFact known, MachineFact more) => known with
    {
        KernelRelease = known.KernelRelease ?? more.KernelRelease,
        KernelVersion = known.KernelVersion ?? more.KernelVersion,
        Arch = known.Arch ?? more.Arch,
        CommandLine = known.CommandLine ?? more.CommandLine,
        Cpus = known.Cpus ?? more.Cpus,
        BootTime = known.BootTime ?? more.BootTime,
        Model = known.Model ?? more.Model,
        MemoryBytes = known.MemoryBytes ?? more.MemoryBytes,
        MemoryEnd = known.MemoryEnd ?? more.MemoryEnd,
        Distribution = known.Distribution ?? more.Distribution,
    };
}
